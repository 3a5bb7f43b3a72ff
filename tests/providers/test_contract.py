"""The contract of every provider's adapter."""

import logging
from collections.abc import Callable
from contextlib import suppress

import httpx2
import pytest

from tests.providers.accounts import ACCOUNTS, AUTHORIZATION, GRANT, NOW, Account
from tests.providers.scripted import Script, reply, run
from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Fetched, Provider
from topk.domain.errors import (
    BadPayloadError,
    InvalidRequestError,
    NotPermittedError,
    ProviderError,
    RateLimitedError,
    ReauthRequiredError,
    TransientError,
)
from topk.providers.registry import PROTOCOLS, PROVIDERS

pytestmark = pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.provider)

SECRETS = ("fake-access-token", "fake-refresh-token", "fake-client-secret", "Signature", "eyJ")


def crawl(account: Account, *answers: httpx2.Response | Exception) -> Fetched:
    adapter = account.adapter(Script(*answers).http)
    return run(adapter.fetch(GRANT, account.checkpoint, now=NOW))


def pages(account: Account) -> list[httpx2.Response]:
    return [reply(account.provider, page) for page in account.pages]


def test_a_crawl_returns_plays_with_title_and_artist(account: Account) -> None:
    fetched = crawl(account, *pages(account))

    assert fetched.plays
    for play in fetched.plays:
        assert play.provider == account.provider
        assert play.track.title
        assert all(play.track.artists)
        assert "Watched" not in play.track.title
        assert NOW - 3 * 86_400 < play.listened_at < NOW
        assert not play.track.image or play.track.image.startswith("https://")
        assert play.precision is account.adapter(Script().http).capabilities.precision
    assert any(play.track.image for play in fetched.plays)


def test_repeating_a_crawl_from_the_same_checkpoint_yields_equal_plays(account: Account) -> None:
    assert crawl(account, *pages(account)) == crawl(account, *pages(account))


def test_a_crawl_requests_exactly_its_pages(account: Account) -> None:
    script = Script(*pages(account))
    run(account.adapter(script.http).fetch(GRANT, account.checkpoint, now=NOW))

    assert script.is_spent


def test_a_checkpoint_stays_small(account: Account) -> None:
    assert len(crawl(account, *pages(account)).checkpoint) < 400


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        ("72000", 72_000),
        ("Tue, 06 Oct 2026 14:02:05 GMT", 125),
        ("Tue, 06 Oct 2026 13:00:00 GMT", 1),
        ("soon", 60),
        ("-5", 60),
        ("9" * 400, 86_400),
    ],
)
def test_a_rate_limit_gives_the_time_to_retry(account: Account, header: str, seconds: int) -> None:
    limited = reply(account.provider, "rate_limited.json", 429, {"Retry-After": header})

    with pytest.raises(RateLimitedError) as caught:
        crawl(account, limited)

    assert caught.value.retry_after == seconds
    assert caught.value.scope == "app"


def test_it_declares_its_capabilities(account: Account) -> None:
    can = account.adapter(Script().http).capabilities

    assert can.depth is None or can.depth > 0
    assert can.pushes is (account.provider == "partner")
    if can.depth is None:
        assert crawl(account, *pages(account)).fill == 0.0


def test_a_rate_limit_without_a_wait_gets_the_default(account: Account) -> None:
    with pytest.raises(RateLimitedError) as caught:
        crawl(account, httpx2.Response(429, text="Too many requests"))

    assert caught.value.retry_after == 60


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_provider_failure_is_transient(account: Account, status: int) -> None:
    with pytest.raises(TransientError):
        crawl(account, httpx2.Response(status, text="<html>Bad gateway.</html>"))


@pytest.mark.parametrize(
    "fault",
    [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("late"),
        httpx2.RemoteProtocolError("reset"),
        httpx2.DecodingError("not gzip"),
        ConnectionResetError(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_network_failure_is_transient(account: Account, fault: Exception) -> None:
    """Habit "any": slow answers and connection resets."""
    with pytest.raises(TransientError):
        crawl(account, fault)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>maintenance</html>",
        b'{"error": {"status": 500, "message": "sorry"}}',
        b'{"items": [{"track"',
        b'"\xff\xfe"',
        b"[]",
        b"null",
        b'{"x":' * 100_000,
    ],
    ids=["empty", "html", "error", "cut off", "not utf-8", "list", "null", "nested"],
)
def test_an_unreadable_response_is_a_bad_payload(account: Account, body: bytes) -> None:
    """Habit "any": bodies that are not JSON, and 200 with an error body."""
    with pytest.raises(BadPayloadError):
        crawl(account, httpx2.Response(200, content=body))


@pytest.mark.parametrize("status", [204, 301, 302, 400, 418])
def test_an_unexpected_status_is_not_read_as_a_result(account: Account, status: int) -> None:
    happy = pages(account)[0].content
    elsewhere = {"Location": "https://else.example/"}
    script = Script(httpx2.Response(status, content=happy, headers=elsewhere))
    with pytest.raises(BadPayloadError):
        run(account.adapter(script.http).fetch(GRANT, account.checkpoint, now=NOW))

    assert len(script.requests) == 1


def test_a_truncated_response_is_detected(account: Account) -> None:
    """Habit "any": truncated bodies."""
    whole = pages(account)[0].content

    with pytest.raises(BadPayloadError):
        crawl(account, httpx2.Response(200, content=whole[: len(whole) // 2]))


def test_an_endless_response_is_cut_off(account: Account) -> None:
    with pytest.raises(BadPayloadError):
        crawl(account, httpx2.Response(200, content=b" " * (2 * 1024 * 1024 + 1)))


def test_a_rejected_token_has_its_own_error(account: Account) -> None:
    with pytest.raises(account.unauthorized):
        crawl(account, reply(account.provider, "unauthorized.json", 401))


def test_errors_logs_and_reprs_contain_no_secret(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers: list[Callable[[], httpx2.Response | Exception]] = [
        lambda: httpx2.ConnectError("https://x/?code=fake-access-token-1"),
        lambda: reply(account.provider, "unauthorized.json", 401),
        lambda: httpx2.Response(403, text="fake-access-token-1"),
        lambda: httpx2.Response(200, text='{"access_token": "fake-access-token-1"}'),
    ]
    texts = []
    for answer in answers:
        adapter = account.adapter(Script(answer()).http)
        with pytest.raises(ProviderError) as caught:
            run(adapter.fetch(GRANT, account.checkpoint, now=NOW))
        cause = caught.value.__cause__
        texts += [str(caught.value), repr(caught.value), repr(cause), repr(adapter), repr(GRANT)]
    crawl(account, *pages(account))

    assert not [secret for secret in SECRETS if secret in "\n".join([*texts, caplog.text])]
    assert not [record for record in caplog.records if "http" in record.name]


def test_a_grant_that_cannot_be_renewed_requires_consent(account: Account) -> None:
    script = Script()

    with pytest.raises(ReauthRequiredError):
        run(account.adapter(script.http).refresh(Grant("fake-access-token-1"), now=NOW))
    assert script.requests == []


def test_the_consent_url_contains_the_given_state(account: Account) -> None:
    url = httpx2.URL(account.adapter(Script().http).authorize_url(AUTHORIZATION))

    assert url.scheme == "https"
    back = httpx2.URL(url.params.get("cb", url))
    assert back.params["state"] == AUTHORIZATION.state
    assert AUTHORIZATION.code_verifier not in str(url)


def test_a_callback_without_required_parameters_is_refused(account: Account) -> None:
    script = Script()
    adapter = account.adapter(script.http)

    with pytest.raises(InvalidRequestError):
        run(adapter.complete(AUTHORIZATION, {"state": AUTHORIZATION.state}, now=NOW))


def test_the_registry_builds_it_by_name(account: Account) -> None:
    adapter: Provider = account.adapter(Script().http)

    assert adapter.name == account.provider


def test_every_registered_provider_is_tested_here(account: Account) -> None:
    assert {*PROVIDERS, *PROTOCOLS} == {one.provider for one in ACCOUNTS}


def test_missing_credentials_are_named_but_not_shown(account: Account) -> None:
    some = dict(account.credentials)
    missing, _ = some.popitem()

    with pytest.raises(NotPermittedError, match=missing) as caught:
        account.configured(Script().http, credentials=some)
    assert not [value for value in some.values() if value in str(caught.value)]


def test_every_endpoint_can_be_overridden(account: Account) -> None:
    keys = ("accounts", "api", "musickit", "oauth2", "portability")
    endpoints = {key: f"http://127.0.0.1:9/{account.provider}/{key}" for key in keys}
    script = Script(*pages(account)[:1], httpx2.Response(500))
    adapter = account.configured(script.http, endpoints=endpoints)
    with suppress(ProviderError):
        run(adapter.fetch(GRANT, account.checkpoint, now=NOW))

    assert str(script.requests[0].url).startswith(f"http://127.0.0.1:9/{account.provider}/")
