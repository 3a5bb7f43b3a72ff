"""A thousand tenants: nobody reaches another's, and a process keeps a bounded number."""

import json
import random
from collections.abc import Iterator

import pytest

from cli.sandbox.deployment import TENANTS, sandbox
from cli.sandbox.gateway import Gateway, issuer, server_token_of, token_of
from functions.account.wiring import accounts
from functions.read.wiring import reading
from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.runtime import tenant_directory
from topk.stores.dynamodb.models import TenantModel
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.tenants import CURRENT, issuer_claim

MANY, PAIRS = 1_000, 50
NAMES = [f"tenant_{number}" for number in range(MANY)]


@pytest.fixture(scope="module", autouse=True)
def many() -> Iterator[None]:
    of_harbor = json.loads(TENANTS.read_text(encoding="utf-8"))["harbor"]
    with sandbox():
        with TenantModel.batch_write() as batch:
            for name in NAMES:
                served = {**of_harbor, "name": name, "issuer": issuer(name), "event_bus": ""}
                batch.save(TenantModel(name, CURRENT, served=json.dumps(served), status="active"))
                batch.save(TenantModel(issuer_claim(issuer(name)), CURRENT, served=name))
        yield


def _pairs() -> list[tuple[str, str]]:
    dice = random.Random(7)
    return [tuple(dice.sample(NAMES, 2)) for _ in range(PAIRS)]  # type: ignore[misc]


@pytest.mark.parametrize(("one", "other"), _pairs())
def test_of_two_tenants_neither_reaches_the_other(one: str, other: str) -> None:
    """Both have a user of the same name, whose profiles differ."""
    Profiles().put(Owner(one, "anna"), Profile(visibility=Visibility.PUBLIC))
    token = token_of(one, "anna")
    own = Gateway(one).call("GET", "/v1/me", token=token)
    assert (own.status, own.json["visibility"]) == (200, "public")
    assert Gateway(other).call("GET", "/v1/me", token=token).status == 401
    assert Gateway(other).call("GET", "/v1/me/top", token=token).status == 401
    assert Gateway(other).call("GET", "/v1/public/users/anna/top").status == 404
    foreign = Gateway(other).call("GET", "/v1/me", token=token_of(other, "anna"))
    assert foreign.json["visibility"] != "public"
    edges = json.dumps({"changes": [{"follower": "a", "followed": "anna", "op": "follow"}]})
    told = Gateway(other).call("POST", "/v1/graph/edges", token=server_token_of(one), body=edges)
    assert told.status == 401
    Profiles().put(Owner(one, "anna"), Profile())


def test_a_process_keeps_a_bounded_number_of_tenants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenant_directory, "MOST_KEPT", 100)
    for name in NAMES:
        assert Gateway(name).call("GET", "/v1/me", token=token_of(name, "ben")).status == 200
    directory = accounts().settings.tenants
    assert max(len(directory._tenants), len(directory._issuers)) <= 100


def test_a_warm_read_reads_no_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(NAMES[0], "ben")
    Gateway(NAMES[0]).call("GET", "/v1/me/top", token=token)
    monkeypatch.setattr(TenantModel, "get", _never)
    assert Gateway(NAMES[0]).call("GET", "/v1/me/top", token=token).status == 200
    assert reading().settings.tenants.of_issuer(issuer(NAMES[0])) is not None


def _never(*_: object, **__: object) -> None:
    raise AssertionError("a tenant was read")
