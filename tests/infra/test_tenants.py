"""Dozens of tenants: their configuration in functions, and what must not grow with them."""

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest

from infra_cdk.app import build
from infra_cdk.config import Deployment, deployments
from infra_cdk.functions.declared_layer import PROVIDERS_FILE, declared_files, written
from infra_cdk.functions.environment import shared
from infra_cdk.tenant import Tenant as DeclaredTenant
from infra_cdk.tenant import told
from tests.runtime.environments import SHARED
from tests.synthesis import context
from topk.domain.play_rule import BOUNDS, PlayRule
from topk.runtime.settings import Settings
from topk.runtime.tenants import Tenant, TenantsFile

ENVIRONMENT_BYTES = 4096
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def _deployment(tenants: int) -> Deployment:
    return deployments(_context(tenants))[0]


def _context(tenants: int) -> dict[str, Any]:
    declared = context("aws", stage="production")
    stages = {**declared["stages"]}
    stages["production"] = {
        **stages["production"],
        "tenants": {f"tenant_{number}": _tenant(number) for number in range(tenants)},
    }
    return declared | {"stages": stages}


def _tenant(number: int) -> dict[str, Any]:
    home = f"https://tenant-{number}.example"
    return {
        "issuer": f"{home}/id",
        "audience": "topk",
        "return_urls": [f"{home}/accounts", f"{home}/welcome"],
        "web_origins": [home],
        "apps": {"spotify": {"budget": {"requests_per_second": 10}}, "lastfm": {}},
        "play_rule": {"percent": 80},
    }


def test_a_tenant_is_read_as_declared(tmp_path: Path) -> None:
    deployment = _deployment(50)
    file = tmp_path / "tenants.json"
    file.write_bytes(
        msgspec.json.encode(
            told(deployment.stage.tenants, deployment.providers, deployment.event_buses)
        )
    )
    assert TenantsFile(str(file)).tenant("tenant_7") == Tenant(
        name="tenant_7",
        issuer="https://tenant-7.example/id",
        audience="topk",
        return_urls=("https://tenant-7.example/accounts", "https://tenant-7.example/welcome"),
        providers=("spotify", "apple_music", "youtube", "lastfm", "listenbrainz", "partner"),
        apps={"spotify": {"requests_per_second": 10, "requests_per_crawl": 1}, "lastfm": {}},
        web_origins=("https://tenant-7.example",),
        connections_per_user=10,
        play_rule=PlayRule(percent=80),
    )


def test_a_tenants_play_rule_has_the_bounds_of_the_domain() -> None:
    for field, (least, most) in BOUNDS.items():
        for value, accepted in ((least, True), (most, True), (least - 1, False), (most + 1, False)):
            declared = _tenant(1) | {"play_rule": {field: value}}
            try:
                msgspec.convert(declared, DeclaredTenant)
            except msgspec.ValidationError:
                assert not accepted, (field, value)
            else:
                assert accepted, (field, value)


def test_the_environment_does_not_grow_with_the_tenants() -> None:
    few, many = (shared("connect", _deployment(number)) for number in (2, 50))
    assert few == many
    assert len(json.dumps(many)) < ENVIRONMENT_BYTES // 4


def test_the_layer_does_not_depend_on_the_tenants(tmp_path: Path) -> None:
    two, three = (declared_files(_deployment(number)) for number in (2, 3))
    assert written(two, tmp_path) == written(three, tmp_path)
    files = {path.name for path in written(two, tmp_path).rglob("*.json")}
    assert files == {PROVIDERS_FILE}


def test_the_stacks_do_not_depend_on_the_number_of_tenants() -> None:
    one, many = _templates(1), _templates(1000)
    assert len(one) == 4
    for name, template in one.items():
        assert template["Resources"].keys() == many[name]["Resources"].keys(), name
        assert _without_list(template) == _without_list(many[name]), name


def _without_list(template: dict[str, Any]) -> str:
    """The template without the names by which Athena finds the archive's folders."""
    return re.sub(r'"projection.tenant.values": "[^"]*"', "", json.dumps(template, sort_keys=True))


def _templates(tenants: int) -> dict[str, Any]:
    unbundled: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
    with TemporaryDirectory() as outdir:
        build(_context(tenants) | unbundled, outdir).synth()
        return {
            path.name: json.loads(path.read_text(encoding="utf-8"))
            for path in Path(outdir).glob("*.template.json")
        }


def test_providers_are_read_as_declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment = _deployment(1)
    monkeypatch.syspath_prepend(str(written(declared_files(deployment), tmp_path) / "python"))
    settings = Settings.of(
        ("PROVIDERS",),
        {
            **SHARED,
            "PROVIDERS_FILE": PROVIDERS_FILE,
            "PROVIDERS": json.dumps({"youtube": "an-arn"}),
        },
    )
    (youtube,) = settings.providers.values()
    assert (youtube.secret, youtube.options) == ("an-arn", {"poll_seconds": 300})
    assert youtube.endpoints == deployment.providers["youtube"].endpoints
    assert settings.budget_of("youtube").requests_per_second == 810


def test_a_deployment_without_the_file_reports_it() -> None:
    with pytest.raises(FileNotFoundError, match="no_such_file"):
        TenantsFile("no_such_file.json")
