"""Requests that did not pass the edge, and addresses by the tenant's host."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.runtime.environments import SHARED
from topk.runtime.api import HOST_HEADER, ORIGIN_HEADER, Answer, Request, respond
from topk.runtime.observability import _metrics
from topk.runtime.settings import Settings

NEW, OLD = "fake-new-origin-secret", "fake-old-origin-secret"


@pytest.fixture(autouse=True)
def _namespace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The first invocation of a process writes a metric."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "TopK/tests")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "tests")
    _metrics.cache_clear()
    yield
    _metrics.cache_clear()


def _settings(**environment: str) -> Settings:
    return Settings.of((), {**SHARED, **environment})


def _status(secrets: str, headers: dict[str, str]) -> int:
    status: int = _answer(_settings(ORIGIN_SECRETS=secrets), headers)["statusCode"]
    return status


def _answer(settings: Settings, headers: dict[str, str]) -> dict[str, Any]:
    event = {
        "routeKey": "GET /v1/me",
        "headers": {HOST_HEADER: "harbor.music.acme.io", **headers},
        "requestContext": {
            "requestId": "fake-request",
            "timeEpoch": 1_800_000_000_000,
            "domainName": "api.music.acme.io",
        },
    }

    def route(request: Request) -> Answer:
        return Answer(body={"base": request.base_url})

    return respond(event, {"GET /v1/me": route}, settings, without_token=["GET /v1/me"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({ORIGIN_HEADER: NEW}, 200),
        ({ORIGIN_HEADER: OLD}, 200),
        ({ORIGIN_HEADER: "fake-guess"}, 403),
        ({ORIGIN_HEADER: ""}, 403),
        ({ORIGIN_HEADER: "sécret"}, 403),
        ({}, 403),
    ],
)
def test_only_requests_with_one_of_the_secrets_are_served(
    headers: dict[str, str], status: int
) -> None:
    assert _status(f"{NEW},{OLD}", headers) == status


def test_a_replacement_of_the_secret_interrupts_nothing() -> None:
    """First functions accept both, then the edge sends the new one, later the old one goes."""
    steps = [(OLD, OLD), (f"{NEW},{OLD}", OLD), (f"{NEW},{OLD}", NEW)]
    assert [_status(accepted, {ORIGIN_HEADER: sent}) for accepted, sent in steps] == [200] * 3


def test_without_a_secret_anybody_is_served() -> None:
    assert _status("", {}) == 200


def test_the_refusal_is_a_problem_document_that_tells_nothing() -> None:
    answer = _answer(_settings(ORIGIN_SECRETS=NEW), {})
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert NEW not in json.dumps(answer)


def test_addresses_have_the_tenants_host_at_the_edge() -> None:
    settings = _settings(PUBLIC_URL="https://{host}.music.acme.io")
    assert json.loads(_answer(settings, {})["body"]) == {"base": "https://harbor.music.acme.io"}
