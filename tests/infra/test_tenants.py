"""Dozens of tenants: their configuration in functions, and what must not grow with them."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from infra_cdk.config import Deployment, deployments
from infra_cdk.functions.declared_layer import (
    PROVIDERS_FILE,
    TENANTS_FILE,
    declared_files,
    written,
)
from infra_cdk.functions.environment import shared
from infra_cdk.tenant import Tenant as DeclaredTenant
from tests.runtime.environments import SHARED
from tests.synthesis import context
from topk.domain.play_rule import BOUNDS, PlayRule
from topk.runtime.settings import Settings
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
        "play_rule": {"percent": 80},
    }


def _read(
    deployment: Deployment, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Tenant, ...]:
    monkeypatch.syspath_prepend(str(written(declared_files(deployment), folder) / "python"))
    return read_tenants(TENANTS_FILE)


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


def test_the_layer_changes_only_with_the_tenants(tmp_path: Path) -> None:
    two, three = (declared_files(_deployment(number)) for number in (2, 3))
    assert written(two, tmp_path) == written(two, tmp_path) != written(three, tmp_path)
    files = {path.name for path in written(two, tmp_path).rglob("*.json")}
    assert files == {TENANTS_FILE, PROVIDERS_FILE}


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
        read_tenants("no_such_file.json")
