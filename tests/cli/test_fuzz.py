"""A small fuzz of the functions in this process: no 5xx, no undescribed response."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from random import Random
from typing import Any

import pytest
from requests import PreparedRequest, Request, Response, Session
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPResponse

from cli.sandbox.deployment import sandbox
from cli.sandbox.gateway import Gateway
from cli.studies.fuzzing.callers import ERASE, Callers
from cli.studies.fuzzing.inprocess import DESCRIPTION, show_to_all, target
from cli.studies.fuzzing.mixing import FOREIGN_ANSWER, Tenant, mixed
from cli.studies.fuzzing.run import Target, fuzz
from cli.studies.fuzzing.tally import Tally
from topk.domain.signature import verify

REQUESTS = 320


@pytest.fixture(scope="module")
def fuzzed() -> Tally:
    tally = Tally(REQUESTS)
    with sandbox():
        show_to_all()
        fuzz(target(), tally, seed_=1, until=time.monotonic() + 600, chunk=3)
    return tally


def test_every_response_is_described_and_none_is_a_5xx(fuzzed: Tally) -> None:
    assert fuzzed.findings == {}
    assert fuzzed.figures["answers_of_5xx"] == 0
    assert sum(fuzzed.statuses.values()) == fuzzed.requests == REQUESTS


def test_all_operations_are_reached_with_good_and_bad_input(fuzzed: Tally) -> None:
    text = DESCRIPTION.read_text(encoding="utf-8")
    assert len(fuzzed.figures["statuses"]) == text.count('"operationId"')
    answered = {status // 100 for _, status in fuzzed.statuses}
    assert {2, 4} <= answered


def test_erased_users_are_not_needed_by_other_requests() -> None:
    callers = target().tenants[0].callers
    sent = {bearer_of(callers.of(ERASE, "userToken", Random(number))) for number in range(200)}
    assert not sent & set(callers.users)
    assert len(sent & set(callers.leavers)) > 10


def test_a_started_connection_is_completed() -> None:
    """The `state` and the `confirmation` are taken from the responses."""
    description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    of_connecting = ("/v1/connections/{provider}", "/v1/oauth/", "/confirmation")
    paths = {
        path: of for path, of in description["paths"].items() if path.startswith(of_connecting)
    }
    described = target()
    aim = replace(described, description={**description, "paths": paths})
    tally = Tally(600)
    with sandbox():
        fuzz(aim, tally, seed_=1, until=time.monotonic() + 600, chunk=15)
    assert tally.statuses["POST /v1/connections/{provider}/confirmation", 204] > 0


def test_an_operation_that_never_succeeded_is_reported() -> None:
    tally = Tally(3)
    for operation, status in (("GET /a", 200), ("GET /a", 404), ("GET /b", 404)):
        tally.answered(operation, status)
    assert tally.never_served == {"GET /b"}
    assert tally.figures["shares_of_statuses"]["GET /a"] == {"200": 0.5, "404": 0.5}


def test_parts_add_up() -> None:
    whole, part = Tally(10), Tally(2)
    for number in range(2):
        assert part.book()
        part.answered("GET /a", 200 + number)
        part.found("GET /a", "a check", "an example")
    assert not part.book()
    whole.add(part)
    whole.add(part)
    assert (whole.requests, whole.kinds["a check"], len(whole.findings)) == (4, 4, 1)


def test_undescribed_responses_are_found() -> None:
    """The API contradicts a description with parts removed."""
    described = target()
    wrong = {
        "openapi": "3.1.0",
        "info": {"title": "wrong", "version": "1"},
        "paths": {
            "/v1/me": {"get": {"responses": {"418": {"description": "A teapot."}}}},
            "/v1/openapi.json": {
                "get": {
                    "responses": {
                        "200": {
                            "description": "A number.",
                            "content": {"application/json": {"schema": {"type": "number"}}},
                        }
                    }
                }
            },
        },
    }
    tally = Tally(8)
    aim = Target(wrong, described.tenants, described.adapter)
    with sandbox():
        fuzz(aim, tally, seed_=1, until=time.monotonic() + 600, chunk=2)
    assert {check for _, check in tally.findings} == {
        "status_code_conformance",
        "response_schema_conformance",
    }


def test_a_5xx_and_a_missing_response_are_found() -> None:
    class Broken(BaseAdapter):
        def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
            raise ConnectionError

        def close(self) -> None: ...

    described = target()
    tally = Tally(3)
    aim = Target(described.description, described.tenants, Broken)
    with sandbox():
        fuzz(aim, tally, seed_=1, until=time.monotonic() + 600, chunk=1)
    assert {check for _, check in tally.findings} == {"no_answer"}


def test_it_ends_in_time() -> None:
    tally = Tally(100)
    with sandbox():
        fuzz(target(), tally, seed_=1, until=time.monotonic())
    assert tally.requests == 0


def test_a_push_is_signed_as_it_is_sent() -> None:
    callers = target().tenants[0].callers
    given = {callers.of("push", "pushSignature", Random(number)) for number in range(40)}
    signatures = []
    for auth in given:
        made = Session().prepare_request(Request("POST", "http://x.example", data="{}", auth=auth))
        signatures.append(made.headers.get("x-topk-signature"))
    signed = [one for one in signatures if one]
    assert len(signatures) > len(signed) > 20, "some come without leave"
    for one in signed:
        verify(str(one), b"{}", [callers.push_secret], now=callers_now())


def callers_now() -> int:
    return Gateway().now


def bearer_of(auth: AuthBase) -> str:
    made = Session().prepare_request(Request("DELETE", "http://x.example", auth=auth))
    return str(made.headers.get("authorization", "")).removeprefix("Bearer ")


def _tenants(number: int) -> list[Tenant]:
    """Tenants with tokens, ids and a canary of their own."""
    found = []
    for name in (f"t{at}" for at in range(number)):
        callers = Callers([f"user of {name}"], [f"leaver of {name}"], f"server of {name}", "", [])
        known = {"user_id": [f"{name}.ada"], "receipt": [f"receipt of {name}"]}
        found.append(Tenant(name, f"http://{name}.example", callers, known, f"Canary of {name}"))
    return found


def test_requests_mix_the_tenants_and_most_have_one() -> None:
    tenants, dice = _tenants(10), Random(7)
    mixes = [mixed(tenants, dice) for _ in range(1000)]
    assert {mix.host.name for mix in mixes} == {tenant.name for tenant in tenants}
    alone = [mix for mix in mixes if mix.host is mix.caller is mix.ids]
    assert 0.5 < len(alone) / len(mixes) < 0.7
    assert any(len({mix.host.name, mix.caller.name, mix.ids.name}) == 3 for mix in mixes)


ANSWERS: dict[str, Callable[[str], tuple[int, str]]] = {
    "a sound API": (lambda _: (401, "")),
    "an API that serves any token": (lambda _: (200, "")),
    "an API that knows all users": (lambda path: (200 if "/t" in path else 401, "")),
    "an API that shows another's list": (lambda _: (401, "Canary of t1")),
}


@pytest.mark.parametrize("api", ANSWERS)
def test_answers_that_cross_from_a_tenant_to_another_are_found(api: str) -> None:
    class Answering(BaseAdapter):
        def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
            status, text = ANSWERS[api](request.path_url)
            reply = HTTPResponse(body=BytesIO(text.encode()), status=status, preload_content=False)
            return HTTPAdapter().build_response(request, reply)

        def close(self) -> None: ...

    paths = {
        "/v1/users/{user_id}/top": {
            "get": {
                "security": [{"userToken": []}],
                "parameters": [
                    {
                        "name": "user_id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string"},
                    }
                ],
                "responses": {"default": {"description": "Any."}},
            }
        }
    }
    described = {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": paths}
    tally = Tally(80)
    aim = Target(described, _tenants(3), Answering)
    fuzz(aim, tally, seed_=1, until=time.monotonic() + 600)
    assert (tally.kinds[FOREIGN_ANSWER] > 0) == (api != "a sound API")
