"""Headers of every API response, whatever the outcome."""

import json
from collections.abc import Mapping

import pytest

from tests.functions.conftest import EVENTS, Stage


@pytest.mark.parametrize("function", ["account", "card", "connect", "ingest", "read", "scrobble"])
def test_responses_forbid_sniffing_framing_referrers_and_caching(
    stage: Stage, function: str
) -> None:
    for path in sorted((EVENTS / function).glob("*.json")):
        _assert_hardened(stage.play(f"{function}/{path.stem}")["headers"])


def test_an_unexpected_error_has_the_headers_too(stage: Stage) -> None:
    event = json.loads((EVENTS / "read" / "mine.json").read_text(encoding="utf-8"))
    headers = stage.call("read", {**event, "routeKey": "GET /nowhere"})["headers"]
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"


def _assert_hardened(headers: Mapping[str, str]) -> None:
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in headers["content-security-policy"]
    if headers["content-type"].startswith("text/html"):
        assert "base-uri 'none'" in policy
        assert any(one.startswith("form-action ") for one in policy)
    else:
        plain = ("application/", "image/", "text/plain", "text/xml")
        assert headers["content-type"].startswith(plain)
