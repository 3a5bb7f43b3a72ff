"""A tenant above its limit gets 429, and the others notice nothing."""

import json
from collections.abc import Iterator

import pytest

from cli.sandbox.deployment import TENANTS, sandbox
from cli.sandbox.gateway import Gateway, Reply, issuer, token_of
from functions.read.wiring import reading
from topk.stores.dynamodb.models import TenantModel
from topk.stores.tables.tenants import CURRENT, issuer_claim
from topk.usecases.accounts.tenant_limit import BURST_SECONDS

LIMIT = 5
FLOOD = 3 * LIMIT * BURST_SECONDS


@pytest.fixture(autouse=True)
def limited(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reef has a limit; time stands still."""
    of_harbor = json.loads(TENANTS.read_text(encoding="utf-8"))["harbor"]
    with sandbox():
        for name in ("reef", "kelp"):
            served = {
                **of_harbor,
                "name": name,
                "issuer": issuer(name),
                "event_bus": "",
                "requests_per_second": LIMIT if name == "reef" else 0,
            }
            TenantModel(name, CURRENT, served=json.dumps(served), status="active").save()
            TenantModel(issuer_claim(issuer(name)), CURRENT, served=name).save()
        monkeypatch.setattr(reading().settings.limit, "clock", lambda: 1_793_000_000.0)
        yield


def _read(tenant: str) -> Reply:
    return Gateway(tenant).call("GET", "/v1/me/top", token=token_of(tenant, "anna"))


def test_a_busy_tenant_is_refused_and_no_other() -> None:
    found = [_read("reef") for _ in range(FLOOD)]
    statuses = [one.status for one in found]
    answered = statuses.count(200)
    assert LIMIT * BURST_SECONDS <= answered <= LIMIT * BURST_SECONDS + 2
    assert statuses.count(429) == FLOOD - answered
    assert int(found[-1].headers["retry-after"]) >= 1
    assert found[-1].json["type"] == "urn:topk:problem:too-soon"
    assert [_read("kelp").status for _ in range(FLOOD)] == [200] * FLOOD


def test_a_refusal_is_readable_by_the_pages_of_the_tenant() -> None:
    origin = json.loads(TENANTS.read_text(encoding="utf-8"))["harbor"]["web_origins"][0]
    for _ in range(FLOOD):
        found = Gateway("reef").call(
            "GET", "/v1/me/top", token=token_of("reef", "anna"), headers={"origin": origin}
        )
    assert found.status == 429
    assert found.headers["access-control-allow-origin"] == origin
    assert "retry-after" in found.headers["access-control-expose-headers"]


def test_a_flood_by_anybody_refuses_no_user() -> None:
    for _ in range(FLOOD):
        found = Gateway("reef").call("GET", "/v1/public/users/anna/top")
    assert found.status == 429
    assert _read("reef").status == 200


def test_invalid_tokens_are_not_counted() -> None:
    for _ in range(FLOOD):
        answer = Gateway("reef").call("GET", "/v1/me/top", token=token_of("reef", "anna") + "x")
        assert answer.status == 401
    assert _read("reef").status == 200
