"""Tenants are checked before they are written, and every change is kept."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from joserfc.jwk import OctKey, RSAKey
from moto import mock_aws

from cli.failure import CommandFailedError
from cli.tenants.registry import Registry
from cli.tenants.table import TenantTable
from topk.runtime.tenant_directory import TenantDirectory
from topk.runtime.tenants import TenantsTable
from topk.runtime.tokens.issuer_keys import DISCOVERY
from topk.stores.dynamodb.models import TenantModel, bind

REGION, NOW = "us-east-1", 1_800_000_000
ISSUER = "https://id.reef.example"
KEY = RSAKey.generate_key(2048, {"kid": "fake-rsa"}).as_dict(private=False)
REEF: dict[str, Any] = {
    "issuer": ISSUER,
    "audience": "topk",
    "return_urls": ["https://reef.example/accounts"],
    "web_origins": ["https://reef.example"],
}


def _issuer(issuer: str = ISSUER, keys: Any = (KEY,)) -> Any:
    def fetch(address: str) -> bytes:
        if address == issuer + DISCOVERY:
            return json.dumps({"issuer": issuer, "jwks_uri": f"{issuer}/keys"}).encode()
        if address == f"{issuer}/keys":
            return json.dumps({"keys": list(keys)}).encode()
        raise OSError("no such address")

    return fetch


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "fake-key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-key")
    with mock_aws():
        bind({"tenants": "tenants"}, region=REGION)
        TenantModel.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        yield Registry(
            table=TenantTable(dynamodb, "tenants"),
            providers={"spotify": {}, "lastfm": {}},
            buses={},
            fetch=_issuer(),
            by="fake-operator",
            now=lambda: NOW,
            local=False,
        )


def _add(registry: Registry, name: str = "reef", **fields: Any) -> None:
    registry.write(registry.planned_new(name, {**REEF, **fields}))


def _directory() -> TenantDirectory:
    return TenantDirectory(TenantsTable())


def test_a_new_tenant_is_served_with_its_keys_and_by_its_issuer(registry: Registry) -> None:
    _add(registry)
    found = _directory().of_issuer(ISSUER)
    assert found is not None
    assert (found.name, found.audience, found.keys) == ("reef", "topk", (KEY,))
    assert found.providers == ("spotify", "lastfm")
    assert not found.suspended


def test_every_change_says_who_when_and_what_was_before(registry: Registry) -> None:
    _add(registry)
    registry.write(registry.planned_change("reef", {"follows": "open"}))
    registry.write(registry.planned_status("reef", "suspended", "suspend"))
    latest, changed, added = registry.table.changes("reef")
    assert [one.what for one in (added, changed, latest)] == ["add", "change", "suspend"]
    assert {(one.by, one.at) for one in (added, changed, latest)} == {("fake-operator", NOW)}
    assert (added.before, json.loads(changed.before)["follows"]) == ("", "host")
    assert json.loads(latest.before)["follows"] == "open"


def test_a_suspension_is_served_and_ends(registry: Registry) -> None:
    _add(registry)
    registry.write(registry.planned_status("reef", "suspended", "suspend"))
    suspended = _directory().named("reef")
    registry.write(registry.planned_status("reef", "active", "resume"))
    resumed = _directory().named("reef")
    assert suspended is not None
    assert resumed is not None
    assert (suspended.suspended, resumed.suspended) == (True, False)
    with pytest.raises(CommandFailedError, match="active already"):
        registry.planned_status("reef", "active", "resume")


def test_a_change_of_a_suspended_tenant_does_not_resume_it(registry: Registry) -> None:
    _add(registry)
    registry.write(registry.planned_status("reef", "suspended", "suspend"))
    registry.write(registry.planned_change("reef", {"follows": "open"}))
    found = _directory().named("reef")
    assert found is not None
    assert found.suspended


def test_two_tenants_cannot_have_one_issuer(registry: Registry) -> None:
    _add(registry)
    with pytest.raises(CommandFailedError, match="another tenant has its issuer"):
        _add(registry, "lagoon")
    assert registry.table.read("lagoon") is None


def test_an_issuer_that_was_given_up_is_free(registry: Registry) -> None:
    _add(registry)
    moved = replace(registry, fetch=_issuer("https://new.reef.example"))
    moved.write(moved.planned_change("reef", {"issuer": "https://new.reef.example"}))
    assert _directory().of_issuer(ISSUER) is None
    _add(registry, "lagoon")
    found = _directory().of_issuer(ISSUER)
    assert found is not None
    assert found.name == "lagoon"


def test_of_two_changes_at_once_one_is_refused(registry: Registry) -> None:
    _add(registry)
    first = registry.planned_change("reef", {"follows": "open"})
    second = registry.planned_change("reef", {"follows": "request"})
    registry.write(first)
    with pytest.raises(CommandFailedError, match="changed meanwhile"):
        registry.write(second)


def test_a_tenant_is_added_once(registry: Registry) -> None:
    _add(registry)
    with pytest.raises(CommandFailedError, match="exists"):
        registry.planned_new("reef", REEF)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"issuer": "http://id.reef.example"}, "must begin with https"),
        ({"return_urls": ["https://*.reef.example"]}, "not an absolute address"),
        ({"web_origins": ["https://reef.example/page"]}, "want an origin"),
        ({"providers": ["napster"]}, "napster is not one of"),
        ({"apps": {"lastfm": {}}, "providers": ["spotify"]}, "may not connect lastfm"),
        ({"colour": "red"}, "unknown field `colour`"),
        ({"audience": ""}, "audience"),
        ({"issuer": "https://elsewhere.example"}, "no such address"),
        ({"events": True}, "no event bus of reef"),
        ({"algorithms": ["ES256"]}, "publishes no key with a kid for ES256"),
        ({"algorithms": ["none"]}, "algorithms"),
        ({"algorithms": ["HS256"]}, "algorithms"),
        ({"algorithms": []}, "algorithms"),
    ],
)
def test_an_invalid_tenant_is_not_written(
    registry: Registry, fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(CommandFailedError, match=says):
        _add(registry, **fields)
    assert registry.table.read("reef") is None


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [{**KEY, "kid": ""}],
        [OctKey.generate_key(256, {"kid": "fake-oct"}).as_dict()],
        [{"kty": "RSA", "kid": "fake", "n": "AQAB", "e": "AQAB"}],
    ],
)
def test_an_issuer_without_a_usable_key_is_refused(registry: Registry, keys: list[Any]) -> None:
    with pytest.raises(CommandFailedError, match="publishes no key with a kid for RS256"):
        _add(replace(registry, fetch=_issuer(keys=keys)))


def test_a_removed_tenant_frees_its_issuer_and_keeps_its_changes(registry: Registry) -> None:
    _add(registry)
    registry.delete(registry.existing("reef"))
    assert _directory().named("reef") is None
    assert _directory().of_issuer(ISSUER) is None
    _add(registry)
    assert [one.what for one in registry.table.changes("reef")] == ["add", "remove", "add"]


def test_tenants_are_listed_by_name(registry: Registry) -> None:
    _add(registry)
    other = replace(registry, fetch=_issuer("https://id.bay.example"))
    _add(other, "bay", issuer="https://id.bay.example")
    assert [one.name for one in registry.table.tenants()] == ["bay", "reef"]
