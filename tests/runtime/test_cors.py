"""Which pages may read responses: by tenant, on every response and for preflight requests."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.commands.run.replay import Context
from cli.sandbox.deployment import sandbox
from functions.account.handler import lambda_handler
from tests.functions.conftest import EVENTS
from topk.runtime import cors
from topk.runtime.tenants import Tenant

HARBOR, MEADOW = (
    Tenant(name, f"https://id.{name}.example", "topk", (), (), (f"https://{name}.example",))
    for name in ("harbor", "meadow")
)
OWN, FOREIGN = HARBOR.web_origins[0], MEADOW.web_origins[0]
PREFLIGHT = {"origin": OWN, cors.REQUESTED: "PATCH", "access-control-request-headers": "a"}


def test_a_page_of_the_tenant_may_read_the_response_and_when_to_retry() -> None:
    assert cors.headers(OWN, HARBOR) == {
        "vary": "origin",
        "access-control-allow-origin": OWN,
        "access-control-expose-headers": "retry-after",
    }


@pytest.mark.parametrize("origin", ["", "null", FOREIGN, "https://harbor.example.evil", OWN + "/"])
def test_any_other_page_may_not(origin: str) -> None:
    assert cors.headers(origin, HARBOR) == {"vary": "origin"}
    assert cors.preflight({**PREFLIGHT, "origin": origin}, HARBOR) == {}


def test_a_preflight_is_answered_for_every_method_and_token() -> None:
    assert cors.preflight(PREFLIGHT, HARBOR) == {
        "access-control-allow-origin": OWN,
        "access-control-expose-headers": "retry-after",
        "access-control-allow-methods": "DELETE,GET,PATCH,POST,PUT",
        "access-control-allow-headers": "authorization,content-type",
        "access-control-max-age": "3600",
    }


def test_a_request_with_options_that_is_no_preflight_gets_nothing() -> None:
    assert cors.preflight({"origin": OWN}, HARBOR) == {}


@pytest.mark.parametrize(
    ("host", "origin", "allowed"),
    [
        ("harbor.topk.example", OWN, True),
        ("harbor.topk.example", FOREIGN, False),
        ("meadow.topk.example", FOREIGN, True),
        ("", OWN, True),
        ("", "https://any.example", True),
    ],
)
def test_a_preflight_is_for_pages_of_the_called_tenant_or_without_a_host_name_for_any(
    host: str, origin: str, allowed: bool
) -> None:
    event = _event(host, origin)
    event |= {"routeKey": "OPTIONS /{path+}"}
    event["headers"][cors.REQUESTED] = "GET"
    with sandbox():
        answer = lambda_handler(event, Context("account"))
    assert answer["statusCode"] == 204
    assert answer["headers"].get("access-control-allow-origin") == (origin if allowed else None)
    assert ("access-control-allow-methods" in answer["headers"]) == allowed


@pytest.mark.parametrize(("origin", "allowed"), [(OWN, True), (FOREIGN, False)])
def test_a_response_is_readable_by_pages_of_the_tokens_tenant_alone(
    origin: str, allowed: bool
) -> None:
    with sandbox():
        answer = lambda_handler(_event("", origin), Context("account"))
    assert answer["statusCode"] == 200
    assert ("access-control-allow-origin" in answer["headers"]) == allowed


def _event(host: str, origin: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(Path(EVENTS, "account/show.json").read_text("utf-8"))
    event["headers"] |= {"origin": origin} | ({"x-topk-host": host} if host else {})
    return event
