"""ListenBrainz: consent at MetaBrainz, and listens read from the oldest on."""

from typing import Any

import httpx2
import pytest

from tests.providers.accounts import AUTHORIZATION, GRANT, LISTENBRAINZ, NOW
from tests.providers.scripted import Script, form, reply, run
from topk.domain.crawl.provider import Fetched
from topk.domain.errors import (
    AccessExpiredError,
    BadPayloadError,
    NotPermittedError,
    ProviderError,
    RateLimitedError,
    ReauthRequiredError,
    TransientError,
)
from topk.domain.play import Play, Precision, Track
from topk.providers.http.transport import Transport

DAY = 86_400
TODAY = NOW // DAY


def listen(at: Any, **more: Any) -> dict[str, Any]:
    metadata = {"artist_name": "A", "track_name": "One", "release_name": None, **more}
    return {"listened_at": at, "recording_msid": "fake-msid-1", "track_metadata": metadata}


def page(*listens: Any) -> httpx2.Response:
    return httpx2.Response(200, json={"payload": {"count": len(listens), "listens": listens}})


def crawl(*answers: httpx2.Response, checkpoint: str = "", now: int = NOW) -> Fetched:
    return run(LISTENBRAINZ.adapter(Script(*answers).http).fetch(GRANT, checkpoint, now=now))


def test_consent_requests_a_refresh_token_and_the_name() -> None:
    url = httpx2.URL(LISTENBRAINZ.adapter(Script().http).authorize_url(AUTHORIZATION))

    assert (url.host, url.path) == ("musicbrainz.org", "/oauth2/authorize")
    assert url.params["scope"] == "profile"
    assert url.params["access_type"] == "offline"
    assert url.params["approval_prompt"] == "force"
    assert url.params["code_challenge_method"] == "S256"


def test_a_code_becomes_a_grant_with_the_users_name() -> None:
    script = Script(reply("listenbrainz", "token.json"), reply("listenbrainz", "userinfo.json"))

    grant = run(
        LISTENBRAINZ.adapter(script.http).complete(AUTHORIZATION, {"code": "fake-code-1"}, now=NOW)
    )

    assert [str(request.url) for request in script.requests] == [
        "https://musicbrainz.org/oauth2/token",
        "https://musicbrainz.org/oauth2/userinfo",
    ]
    assert form(script.requests[0])["client_secret"] == "fake-client-secret"
    assert script.requests[1].headers["authorization"] == "Bearer fake-access-token-1"
    assert grant.account == "mira_listens"
    assert (grant.refresh_token, grant.expires_at) == ("fake-refresh-token-1", NOW + 3600)
    assert grant.consent_ends_at is None


def test_a_refresh_keeps_the_name() -> None:
    script = Script(reply("listenbrainz", "token_refreshed.json"))

    fresh = run(LISTENBRAINZ.adapter(script.http).refresh(GRANT, now=NOW))

    assert (fresh.access_token, fresh.account) == ("fake-access-token-2", GRANT.account)


def test_a_dead_refresh_token_requires_consent() -> None:
    script = Script(reply("listenbrainz", "token_revoked.json", 400))

    with pytest.raises(ReauthRequiredError, match="invalid_grant"):
        run(LISTENBRAINZ.adapter(script.http).refresh(GRANT, now=NOW))


@pytest.mark.parametrize("status", [200, 400])
def test_a_grant_is_revoked(status: int) -> None:
    script = Script(httpx2.Response(status))
    run(LISTENBRAINZ.adapter(script.http).revoke(GRANT))

    assert str(script.requests[0].url) == "https://musicbrainz.org/oauth2/revoke"
    assert form(script.requests[0]) == {
        "token": "fake-refresh-token-1",
        "client_id": "fake-client",
        "client_secret": "fake-client-secret",
    }


def test_a_failed_revocation_is_transient() -> None:
    with pytest.raises(TransientError):
        run(LISTENBRAINZ.adapter(Script(httpx2.Response(503)).http).revoke(GRANT))


def test_listens_are_requested_by_name_from_eight_whole_days_ago() -> None:
    script = Script(page())
    run(LISTENBRAINZ.adapter(script.http).fetch(GRANT, "", now=NOW))

    request = script.requests[0]
    assert request.url.raw_path.startswith(b"/1/user/mira%20listens/listens?")
    assert dict(request.url.params) == {"count": "500", "min_ts": str((TODAY - 8) * DAY - 1)}
    assert request.headers["authorization"] == "Bearer fake-access-token-1"


def test_a_listen_is_read_with_all_displayed_fields() -> None:
    fetched = crawl(reply("listenbrainz", "listens.json"))

    assert fetched.plays[-1] == Play(
        "listenbrainz",
        Track(
            track_id="0f9b8a52-8a57-4d6b-9a53-4f6de2f6a001",
            title="Paper Lanterns",
            artists=("Mira Holt",),
            album="Night Ferry",
            duration=222,
            isrc="GBAAA2600001",
            url="https://open.spotify.com/track/5SvA4Tf1yTqnZ7mC0KxWq1",
            image="https://coverartarchive.org/release/0d9e4f1b-6b36-4a1c-9c55-2f2c0a6f3f10"
            "/31000000001-250.jpg",
        ),
        listened_at=1_791_288_000,
        precision=Precision.EXACT,
    )
    assert [play.track.duration for play in fetched.plays] == [222, 0, 222]


@pytest.mark.parametrize(
    "info",
    [None, [], "x", {"duration_ms": "?"}, {"isrc": ["GB"]}, {"duration_ms": -1}, {"isrc": {}}],
)
def test_unexpected_submitter_fields_never_lose_the_listen(info: Any) -> None:
    fetched = crawl(page(listen(NOW - 60, additional_info=info, mbid_mapping=info)))

    assert fetched.plays[0].track == Track("fake-msid-1", "One", ("A",))


@pytest.mark.parametrize(
    "broken",
    [
        listen(None),
        listen("1"),
        listen(0),
        listen(4_070_908_800),
        listen(NOW, track_name=None),
        listen(NOW, track_name=" "),
        listen(NOW, track_name="x" * 1001),
        {"playing_now": True},
        None,
    ],
)
def test_a_malformed_listen_is_counted_and_its_page_kept(broken: Any) -> None:
    fetched = crawl(page(listen(NOW - 60), broken))

    assert (len(fetched.plays), fetched.skipped) == (1, 1)


class History:
    """Returns the oldest listens after `min_ts`, latest first, like ListenBrainz."""

    def __init__(self, moments: list[int]) -> None:
        self.moments = moments
        self.asked = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        query = request.url.params
        later = sorted(at for at in self.moments if at > int(query["min_ts"]))
        return page(*map(listen, reversed(later[: int(query["count"])])))

    def crawl(self, checkpoint: str = "") -> Fetched:
        http = Transport(lambda: httpx2.MockTransport(self))
        return run(LISTENBRAINZ.adapter(http).fetch(GRANT, checkpoint, now=NOW))


def test_a_page_cut_within_a_second_loses_no_listen() -> None:
    moments = [NOW - 3000 + n for n in range(499)] + [NOW - 2000] * 2 + [NOW - 1000]
    history = History(moments)

    fetched = history.crawl()

    assert {play.listened_at for play in fetched.plays} == set(moments)
    assert history.asked == 2


def test_a_page_that_cannot_be_read_at_all_loses_no_later_listen() -> None:
    broken = [listen(NOW - 1000 - before, track_name=None) for before in range(500)]
    script = Script(page(*broken), page(listen(NOW - 100), broken[0]))

    fetched = run(LISTENBRAINZ.adapter(script.http).fetch(GRANT, "", now=NOW))

    assert [play.listened_at for play in fetched.plays] == [NOW - 100]
    assert script.requests[1].url.params["min_ts"] == str(NOW - 1001)
    assert (fetched.gap_since, fetched.crawled_through) == (None, NOW)


def test_a_history_too_long_for_one_crawl_continues_in_the_next() -> None:
    history = History([NOW - 60 * n for n in range(6000)])

    first = history.crawl()
    second = history.crawl(first.checkpoint)

    assert (first.resume_after, second.resume_after) == (0, None)
    assert {play.listened_at for play in (*first.plays, *second.plays)} == set(history.moments)


def test_a_listen_submitted_days_late_is_returned_with_its_day() -> None:
    first = crawl(page(listen(NOW - 60), listen(NOW - 3 * DAY)))
    late = page(listen(NOW - 60), listen(NOW - 3 * DAY + 9), listen(NOW - 3 * DAY))

    second = crawl(late, checkpoint=first.checkpoint)

    assert [play.listened_at for play in second.plays] == [NOW - 3 * DAY, NOW - 3 * DAY + 9]


def test_a_stale_page_is_corrected_by_the_next_crawl() -> None:
    """Habit 24: page-cache staleness."""
    stale = crawl(page(listen(NOW - 600)))
    fresh = crawl(page(listen(NOW - 60), listen(NOW - 600)), checkpoint=stale.checkpoint)

    assert {play.listened_at for play in fresh.plays} >= {NOW - 60}


def test_a_rate_limit_is_read_from_its_own_headers() -> None:
    """Habit 24: 429 with X-RateLimit headers."""
    headers = {"X-RateLimit-Limit": "30", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "7"}

    with pytest.raises(RateLimitedError) as caught:
        crawl(reply("listenbrainz", "rate_limited.json", 429, headers))
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("status", [404, 200])
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (401, AccessExpiredError),
        (403, NotPermittedError),
        (404, ReauthRequiredError),
        (429, RateLimitedError),
        (503, TransientError),
        (400, BadPayloadError),
    ],
)
def test_an_error_is_read_from_its_body_whatever_its_status(
    status: int, code: int, error: type[ProviderError]
) -> None:
    """Habit "any": 200 with an error body."""
    with pytest.raises(error):
        crawl(httpx2.Response(status, json={"code": code, "error": "Sorry."}))


def test_a_missing_user_requires_reconnecting() -> None:
    with pytest.raises(ReauthRequiredError, match="unknown_user"):
        crawl(reply("listenbrainz", "unknown_user.json", 404))
