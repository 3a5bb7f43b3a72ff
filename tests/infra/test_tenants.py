"""Dozens of tenants: their configuration in functions, and what must not grow with them."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra_cdk.config import Deployment, deployments
from infra_cdk.functions.environment import shared
from infra_cdk.functions.tenants_layer import FILE, written
from infra_cdk.tenant import told
from tests.synthesis import context
from topk.runtime.tenants import Tenant, read_tenants

ENVIRONMENT_BYTES = 4096
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def _deployment(tenants: int) -> Deployment:
    declared = context("aws", stage="production")
    stages = {**declared["stages"]}
    stages["production"] = {
        **stages["production"],
        "tenants": {f"tenant_{number}": _tenant(number) for number in range(tenants)},
    }
    return deployments(declared | {"stages": stages})[0]


def _tenant(number: int) -> dict[str, Any]:
    home = f"https://tenant-{number}.example"
    return {
        "issuer": f"{home}/id",
        "audience": "topk",
        "return_urls": [f"{home}/accounts", f"{home}/welcome"],
        "web_origins": [home],
        "apps": {"spotify": {"budget": {"requests_per_second": 10}}, "lastfm": {}},
    }


def _read(
    deployment: Deployment, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Tenant, ...]:
    content = written(told(deployment.stage.tenants, deployment.providers, {}), folder)
    monkeypatch.syspath_prepend(str(content / "python"))
    return read_tenants(FILE)


def test_fifty_tenants_are_read_as_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _read(_deployment(50), tmp_path, monkeypatch)
    by_name = {one.name: one for one in found}
    assert set(by_name) == {f"tenant_{number}" for number in range(50)}
    assert by_name["tenant_7"] == Tenant(
        name="tenant_7",
        issuer="https://tenant-7.example/id",
        audience="topk",
        return_urls=("https://tenant-7.example/accounts", "https://tenant-7.example/welcome"),
        providers=("spotify", "apple_music", "youtube", "lastfm", "listenbrainz", "partner"),
        apps={"spotify": {"requests_per_second": 10, "requests_per_crawl": 1}, "lastfm": {}},
        connections_per_user=10,
    )


def test_the_environment_does_not_grow_with_the_tenants() -> None:
    few, many = (shared("connect", _deployment(number)) for number in (2, 50))
    assert few == many
    assert len(json.dumps(many)) < ENVIRONMENT_BYTES // 4


def test_the_layer_changes_only_with_the_tenants(tmp_path: Path) -> None:
    first, second = ({"a": {"issuer": "x"}}, {"a": {"issuer": "y"}})
    assert written(first, tmp_path) == written(first, tmp_path) != written(second, tmp_path)
    assert [path.name for path in written(first, tmp_path).rglob("*.json")] == [FILE]


def test_a_deployment_without_the_file_reports_it() -> None:
    with pytest.raises(FileNotFoundError, match="no_such_file"):
        read_tenants("no_such_file.json")
