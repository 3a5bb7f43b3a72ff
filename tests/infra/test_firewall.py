"""The firewall's rates: what a carrier's address and a host app's servers send passes."""

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli.launch.peak import FULL_SCALE_REQUESTS
from infra_cdk import outputs
from infra_cdk.config import ConfigurationError, deployments
from infra_cdk.edge.firewall import FIVE_MINUTES, REQUESTS_OF_AN_ADDRESS, Firewall
from tests.infra.templates import properties
from tests.synthesis import context, synthesis

USERS = 500_000_000
BEHIND_AN_ADDRESS = 100_000
"""Assumption: users of one carrier's address; most share one with a few hundred."""
FILES_OF_A_PAGE = 9
"""Beside the call that fills it, if nothing is cached."""


def test_users_behind_a_carriers_address_are_not_blocked_in_the_busiest_minutes() -> None:
    calls = FULL_SCALE_REQUESTS * FIVE_MINUTES * BEHIND_AN_ADDRESS / USERS
    dice = np.random.default_rng(7)
    requests = dice.poisson(calls, size=10_000) * (1 + FILES_OF_A_PAGE)
    assert requests.max() < REQUESTS_OF_AN_ADDRESS
    assert requests.mean() * 2 < REQUESTS_OF_AN_ADDRESS


def test_a_flood_from_one_address_is_blocked_within_a_minute() -> None:
    assert REQUESTS_OF_AN_ADDRESS < 1_000 * 60


def test_every_address_has_a_rate() -> None:
    (acl,) = properties(
        synthesis("aws").templates[outputs.edge_stack("production")], "WAFv2::WebACL"
    ).values()
    (rate,) = (one for one in acl["Rules"] if one["Name"] == "Rate")
    assert rate["Action"] == {"Block": {}}
    assert rate["Statement"]["RateBasedStatement"] == {
        "AggregateKeyType": "IP",
        "EvaluationWindowSec": FIVE_MINUTES,
        "Limit": REQUESTS_OF_AN_ADDRESS,
    }


def test_declared_servers_may_use_a_tenants_whole_rate() -> None:
    rules, sets = _rules(["203.0.113.0/24", "2001:db8::/32"])
    assert {one["IPAddressVersion"]: one["Addresses"] for one in sets} == {
        "IPV4": ["203.0.113.0/24"],
        "IPV6": ["2001:db8::/32"],
    }
    anyone, servers = (
        rules[name]["Statement"]["RateBasedStatement"] for name in ("Rate", "Servers")
    )
    assert servers["Limit"] == 200 * FIVE_MINUTES, "what staging admits of a tenant"
    assert anyone["Limit"] == REQUESTS_OF_AN_ADDRESS
    assert (
        anyone["ScopeDownStatement"]["NotStatement"]["Statement"] == servers["ScopeDownStatement"]
    )


def test_a_busy_tenant_is_refused_alone_by_its_host_name() -> None:
    """With a domain: without one, all tenants have one host name."""
    declared = copy.deepcopy(context("aws", stage="staging"))
    assert "Tenants" not in _made(declared)[0]
    declared["stages"]["staging"]["domain"] = {
        "name": "music.acme.io",
        "hosted_zone_id": "Z0123456789ABCDEFGHIJ",
    }
    rule = _made(declared)[0]["Tenants"]
    assert rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429
    assert rule["Statement"]["RateBasedStatement"] == {
        "AggregateKeyType": "CUSTOM_KEYS",
        "CustomKeys": [
            {
                "Header": {
                    "Name": "host",
                    "TextTransformations": [{"Priority": 0, "Type": "LOWERCASE"}],
                }
            }
        ],
        "EvaluationWindowSec": 60,
        "Limit": 200 * 60,
    }


def test_an_invalid_range_is_reported() -> None:
    with pytest.raises(
        ConfigurationError, match=r"staging\.servers: 203\.0\.113\.1/24: want an address"
    ):
        deployments(_with_servers(["203.0.113.1/24"]))


def _with_servers(servers: list[str]) -> dict[str, Any]:
    declared = copy.deepcopy(context("aws", stage="staging"))
    declared["stages"]["staging"]["servers"] = servers
    return declared


def _rules(servers: list[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return _made(_with_servers(servers))


def _made(declared: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The rules by name and the address sets of the firewall of a stage."""
    import aws_cdk as cdk

    (deployment,) = deployments(declared)
    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(outdir=folder, builtin_cloud_formation_validation=False)
        stack = cdk.Stack(app, "Stack")
        Firewall(stack, deployment)
        app.synth()
        template = json.loads(Path(folder, "Stack.template.json").read_text(encoding="utf-8"))
    (acl,) = properties(template, "WAFv2::WebACL").values()
    rules = {one["Name"]: one for one in acl["Rules"]}
    return rules, list(properties(template, "WAFv2::IPSet").values())
