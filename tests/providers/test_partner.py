"""A partner that implements our protocol: consent, rotation, and pages of listens."""

from typing import Any

import httpx2
import pytest

from tests.providers.accounts import AUTHORIZATION, GRANT, NOW, PARTNER
from tests.providers.scripted import Script, form, reply, run
from topk.domain.crawl.provider import Fetched
from topk.domain.errors import (
    BadPayloadError,
    ProviderError,
    ReauthRequiredError,
    TransientError,
)
from topk.providers.http.transport import Transport

DAY = 86_400
TODAY = NOW // DAY


def listen(at: Any, **track: Any) -> dict[str, Any]:
    return {"listened_at": at, "track": {"title": "One", "artists": ["A"], **track}}


def page(*listens: Any, following: str | None = None) -> httpx2.Response:
    return httpx2.Response(200, json={"listens": listens, "next_cursor": following})


def crawl(script: Script, checkpoint: str = "", now: int = NOW) -> Fetched:
    return run(PARTNER.adapter(script.http).fetch(GRANT, checkpoint, now=now))


def test_a_code_becomes_a_grant_with_the_user_of_the_response() -> None:
    script = Script(reply("partner", "token.json"))

    grant = run(
        PARTNER.adapter(script.http).complete(AUTHORIZATION, {"code": "fake-code-1"}, now=NOW)
    )

    assert str(script.requests[0].url) == "https://accounts.partner.example/token"
    assert form(script.requests[0])["code_verifier"] == AUTHORIZATION.code_verifier
    assert (grant.account, grant.consent_ends_at) == ("mira-1", None)


def test_a_token_response_without_a_user_is_refused() -> None:
    script = Script(reply("partner", "token_refreshed.json"))

    with pytest.raises(BadPayloadError, match="user_id"):
        run(PARTNER.adapter(script.http).complete(AUTHORIZATION, {"code": "x"}, now=NOW))


def test_a_refresh_adopts_the_new_refresh_token_and_keeps_the_user() -> None:
    script = Script(reply("partner", "token_refreshed.json"))

    fresh = run(PARTNER.adapter(script.http).refresh(GRANT, now=NOW))

    assert (fresh.refresh_token, fresh.account) == ("fake-refresh-token-2", GRANT.account)


def test_a_grant_is_revoked() -> None:
    script = Script(httpx2.Response(200))
    run(PARTNER.adapter(script.http).revoke(GRANT))

    assert str(script.requests[0].url) == "https://accounts.partner.example/revoke"
    assert script.requests[0].headers["authorization"].startswith("Basic ")
    assert form(script.requests[0]) == {"token": "fake-refresh-token-1"}


def test_a_failed_revocation_is_transient() -> None:
    with pytest.raises(TransientError):
        run(PARTNER.adapter(Script(httpx2.Response(500)).http).revoke(GRANT))


def test_pages_are_requested_by_cursor_within_one_time_range() -> None:
    script = Script(page(listen(NOW - 60), following="fake-cursor-2"), page())
    crawl(script)

    span = {"since": str((TODAY - 8) * DAY), "until": str(NOW + 1), "per_page": "500"}
    assert [dict(request.url.params) for request in script.requests] == [
        span,
        {**span, "cursor": "fake-cursor-2"},
    ]
    for request in script.requests:
        assert request.url.raw_path.startswith(b"/third_party/mira%20listens/listen?")
        assert request.headers["authorization"] == "Bearer fake-access-token-1"


def test_a_page_without_readable_listens_does_not_end_paging() -> None:
    script = Script(
        page(following="b"), page({"listened_at": 0}, following="c"), page(listen(NOW - 60))
    )
    fetched = crawl(script)

    assert (len(fetched.plays), fetched.skipped) == (1, 1)


def test_listens_of_one_second_may_span_several_pages() -> None:
    script = Script(
        page(listen(NOW - 60, title="1"), following="b"),
        page(listen(NOW - 60, title="2"), following="c"),
        page(listen(NOW - 60, title="3")),
    )

    assert len(crawl(script).plays) == 3


def test_cyclic_cursors_end() -> None:
    script = Script(
        page(listen(NOW - 60), following="b"),
        page(listen(NOW - 50), following="c"),
        page(listen(NOW - 40), following="b"),
    )
    fetched = crawl(script)

    assert (len(fetched.plays), fetched.resume_after) == (3, None)
    assert script.is_spent


@pytest.mark.parametrize(
    "broken",
    [listen(0), listen(4_070_908_800), listen(NOW, title=""), listen(NOW, artists=[" "]), None],
)
def test_a_malformed_listen_is_counted_and_its_page_kept(broken: Any) -> None:
    fetched = crawl(Script(page(listen(NOW - 60), broken)))

    assert (len(fetched.plays), fetched.skipped) == (1, 1)


def test_a_page_with_too_many_listens_is_refused() -> None:
    with pytest.raises(BadPayloadError):
        crawl(Script(page(*[listen(NOW)] * 1001)))


def test_a_history_too_long_for_one_crawl_continues_from_the_last_listen() -> None:
    moments = [NOW - 60 * n for n in range(1500)]

    def answer(request: httpx2.Request) -> httpx2.Response:
        query = request.url.params
        found = sorted(at for at in moments if int(query["since"]) <= at < int(query["until"]))
        start = int(query.get("cursor", "0"))
        more = str(start + 100) if len(found) > start + 100 else None
        return page(*map(listen, found[start : start + 100]), following=more)

    adapter = PARTNER.adapter(Transport(lambda: httpx2.MockTransport(answer)))
    first = run(adapter.fetch(GRANT, "", now=NOW))
    second = run(adapter.fetch(GRANT, first.checkpoint, now=NOW))

    assert (first.resume_after, second.resume_after) == (0, None)
    assert {play.listened_at for play in (*first.plays, *second.plays)} == set(moments)


def test_a_listen_reported_days_late_is_returned_with_its_day() -> None:
    first = crawl(Script(page(listen(NOW - 3 * DAY), listen(NOW - 60))))
    late = page(listen(NOW - 3 * DAY), listen(NOW - 3 * DAY + 9), listen(NOW - 60))

    second = crawl(Script(late), first.checkpoint)

    assert [play.listened_at for play in second.plays] == [NOW - 3 * DAY, NOW - 3 * DAY + 9]


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        (reply("partner", "forbidden.json", 403), ReauthRequiredError, "consent_withdrawn"),
        (reply("partner", "unknown_user.json", 404), ReauthRequiredError, "unknown_user"),
    ],
)
def test_each_refusal_maps_to_its_error(
    answer: httpx2.Response, error: type[ProviderError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        crawl(Script(answer))
