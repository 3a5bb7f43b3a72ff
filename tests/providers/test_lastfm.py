"""Last.fm: signed sessions, and scrobbles that shift from page to page."""

import hashlib
import json
from typing import Any

import httpx2
import pytest

from tests.providers.accounts import AUTHORIZATION, GRANT, LASTFM, NOW
from tests.providers.scripted import Script, reply, run, sample
from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Fetched
from topk.domain.errors import (
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


def scrobble(at: int | None, title: str = "One", **more: Any) -> dict[str, Any]:
    item = {"name": title, "artist": {"#text": "A", "mbid": ""}, "mbid": "", "url": ""}
    return item | ({"date": {"uts": str(at)}} if at is not None else {}) | more


def page(*items: Any, pages: int = 1) -> httpx2.Response:
    extent = {"page": "1", "perPage": "200", "totalPages": str(pages), "total": "9"}
    return httpx2.Response(200, json={"recenttracks": {"track": list(items), "@attr": extent}})


def crawl(*answers: httpx2.Response, checkpoint: str = "", now: int = NOW) -> Fetched:
    return run(LASTFM.adapter(Script(*answers).http).fetch(GRANT, checkpoint, now=now))


def signature(query: httpx2.QueryParams) -> str:
    signed = {name: query[name] for name in query if name not in {"api_sig", "format"}}
    text = "".join(name + signed[name] for name in sorted(signed))
    return hashlib.md5((text + "fake-shared-secret").encode()).hexdigest()


@pytest.mark.parametrize("scrobbles", [1, 2])
def test_half_an_emoji_costs_its_scrobble_alone(scrobbles: int) -> None:
    listed = [scrobble(NOW - 900, "Half \ud83d"), scrobble(NOW - 300)][:scrobbles]
    body = page().json()
    body["recenttracks"]["track"] = listed if scrobbles > 1 else listed[0]

    fetched = crawl(httpx2.Response(200, content=json.dumps(body).encode()))

    assert [play.track.title for play in fetched.plays] == ["One"] * (scrobbles - 1)
    assert fetched.left_out.total == 1


def test_consent_returns_the_state_in_the_callback_url() -> None:
    url = httpx2.URL(LASTFM.adapter(Script().http).authorize_url(AUTHORIZATION))

    assert (url.host, url.path) == ("www.last.fm", "/api/auth/")
    assert dict(url.params) == {
        "api_key": "fake-api-key",
        "cb": f"{AUTHORIZATION.redirect_uri}?state=fake-state-1",
    }


def test_a_token_becomes_a_session_that_never_expires() -> None:
    script = Script(reply("lastfm", "session.json"))
    answer = {"token": "fake-token-1", "state": AUTHORIZATION.state}

    grant = run(LASTFM.adapter(script.http).complete(AUTHORIZATION, answer, now=NOW))

    assert grant == Grant("fake-access-token-1", account="mira_listens")
    query = script.requests[0].url.params
    assert dict(query) == {
        "method": "auth.getSession",
        "token": "fake-token-1",
        "api_key": "fake-api-key",
        "format": "json",
        "api_sig": signature(query),
    }


@pytest.mark.parametrize(
    ("case", "reason"),
    [("session_unauthorized", "token_unauthorized"), ("session_expired", "token_expired")],
)
def test_a_rejected_token_requires_consent(case: str, reason: str) -> None:
    script = Script(reply("lastfm", f"{case}.json", 403))

    with pytest.raises(ReauthRequiredError, match=reason):
        run(LASTFM.adapter(script.http).complete(AUTHORIZATION, {"token": "x"}, now=NOW))


def test_scrobbles_are_requested_with_the_session_and_a_signature() -> None:
    script = Script(page())
    run(LASTFM.adapter(script.http).fetch(GRANT, "", now=NOW))

    query = script.requests[0].url.params
    assert str(script.requests[0].url).startswith("https://ws.audioscrobbler.com/2.0/?")
    assert dict(query) == {
        "method": "user.getrecenttracks",
        "user": GRANT.account,
        "sk": GRANT.access_token,
        "limit": "200",
        "page": "1",
        "from": str((TODAY - 8) * DAY - 1),
        "to": str(NOW + 1),
        "api_key": "fake-api-key",
        "format": "json",
        "api_sig": signature(query),
    }


def test_a_scrobble_is_read_with_all_displayed_fields() -> None:
    fetched = crawl(*(reply("lastfm", name) for name in LASTFM.pages))

    assert fetched.plays[-1] == Play(
        "lastfm",
        Track(
            track_id="5b11f4ce-a62d-471e-81fc-a69a8278c7da",
            title="Paper Lanterns",
            artists=("Mira Holt",),
            album="Night Ferry",
            url="https://www.last.fm/music/Mira+Holt/_/Paper+Lanterns",
            image="https://lastfm.freetls.fastly.net/i/u/300x300/nightferry.jpg",
        ),
        listened_at=1_791_288_000,
        precision=Precision.EXACT,
    )
    assert (len(fetched.plays), fetched.skipped) == (4, 0)


def test_a_nowplaying_item_is_neither_a_scrobble_nor_an_error() -> None:
    """Habit 23: a `nowplaying` item without a date comes in addition to the limit."""
    playing = scrobble(None, "Playing", **{"@attr": {"nowplaying": "true"}})
    dated = scrobble(NOW - 5, "Playing", **{"@attr": {"nowplaying": "true"}})

    fetched = crawl(page(playing, dated, scrobble(NOW - 60)))

    assert [play.track.title for play in fetched.plays] == ["One"]
    assert fetched.skipped == 0


def test_a_single_scrobble_may_come_without_a_list() -> None:
    """Habit 23: JSON converted from XML."""
    assert len(crawl(reply("lastfm", "recent_tracks_single.json")).plays) == 1


def test_an_empty_history_is_read() -> None:
    assert crawl(reply("lastfm", "recent_tracks_empty.json")).plays == ()


@pytest.mark.parametrize(
    "broken",
    [
        scrobble(None),
        scrobble(NOW - 60, ""),
        scrobble(NOW - 60, "x" * 1001),
        scrobble(NOW - 60, date={"uts": "long ago"}),
        scrobble(0),
        scrobble(4_070_908_800),
        None,
        7,
    ],
)
def test_a_malformed_scrobble_is_counted_and_its_page_kept(broken: Any) -> None:
    fetched = crawl(page(scrobble(NOW - 60), broken))

    assert len(fetched.plays) == 1
    assert fetched.skipped == 1


@pytest.mark.parametrize("poison", [scrobble(0), scrobble(4_070_908_800), {}])
def test_a_malformed_scrobble_does_not_end_paging(poison: Any) -> None:
    fetched = crawl(page(scrobble(NOW - 60), poison, pages=2), page(scrobble(NOW - 120)))

    assert {play.listened_at for play in fetched.plays} == {NOW - 60, NOW - 120}


class Shifting:
    """A history paged from the newest; more is scrobbled before each response."""

    def __init__(self, held: int, arriving: list[int]) -> None:
        self.scrobbles = [NOW - 60 * n for n in range(held)]
        self.held = set(self.scrobbles)
        self.arriving = arriving
        self.asked = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        if self.arriving:
            self.scrobbles.append(self.arriving.pop())
        query = request.url.params
        since, until, number = (int(query[name]) for name in ("from", "to", "page"))
        found = sorted((at for at in self.scrobbles if since < at < until), reverse=True)
        shown = found[(number - 1) * 200 : number * 200]
        return page(*map(scrobble, shown), pages=-(-len(found) // 200))

    def crawl(self, checkpoint: str = "") -> Fetched:
        http = Transport(lambda: httpx2.MockTransport(self))
        return run(LASTFM.adapter(http).fetch(GRANT, checkpoint, now=NOW))


@pytest.mark.parametrize("arriving", [[NOW + 9] * 5, [NOW - 30] * 5, [NOW - 60 * 350 + 7] * 5])
def test_pages_that_shift_while_they_are_read_lose_nothing(arriving: list[int]) -> None:
    """Habit 23: new scrobbles push the others from page to page."""
    history = Shifting(900, arriving)

    fetched = history.crawl()

    assert history.held <= {play.listened_at for play in fetched.plays}
    assert fetched.resume_after is None


def test_a_history_too_long_for_one_crawl_continues_in_the_next() -> None:
    history = Shifting(2500, [])

    first = history.crawl()
    second = history.crawl(first.checkpoint)

    assert (first.resume_after, second.resume_after) == (0, None)
    assert (first.crawled_through, second.crawled_through) == (0, NOW)
    assert history.asked < 15
    assert history.held == {play.listened_at for play in (*first.plays, *second.plays)}


def test_a_scrobble_uploaded_days_late_is_returned_with_its_day() -> None:
    first = crawl(page(scrobble(NOW - 60), scrobble(NOW - 3 * DAY)))
    late = page(scrobble(NOW - 60), scrobble(NOW - 3 * DAY), scrobble(NOW - 3 * DAY + 9, "Late"))

    second = crawl(late, checkpoint=first.checkpoint, now=NOW + 300)

    assert [play.track.title for play in second.plays] == ["One", "Late"]


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        (reply("lastfm", "unauthorized.json", 403), ReauthRequiredError, "session_revoked"),
        (reply("lastfm", "private.json", 403), ReauthRequiredError, "private_profile"),
        (reply("lastfm", "unknown_user.json", 404), ReauthRequiredError, "unknown_user"),
        (reply("lastfm", "invalid_key.json", 403), NotPermittedError, "10"),
        (reply("lastfm", "failed.json", 500), TransientError, "8"),
        (reply("lastfm", "failed.json", 400), TransientError, "8"),
        (reply("lastfm", "failed.json", 200), TransientError, "8"),
        (httpx2.Response(400, json={"error": 11, "message": ""}), TransientError, "11"),
        (httpx2.Response(400, json={"error": "16", "message": ""}), TransientError, "16"),
        (httpx2.Response(500, json={"error": 9, "message": ""}), ReauthRequiredError, "revoked"),
        (httpx2.Response(400, json={"error": 3, "message": ""}), BadPayloadError, "3"),
        (
            httpx2.Response(400, json={"error": 6, "message": "page param out of bounds"}),
            BadPayloadError,
            "6",
        ),
        (httpx2.Response(400, json={"error": 0, "message": ""}), BadPayloadError, "400"),
    ],
)
def test_an_error_is_read_from_its_body_whatever_its_status(
    answer: httpx2.Response, error: type[ProviderError], reason: str
) -> None:
    """Habit 23: errors 8, 11 and 16 come with 400 or 5xx."""
    with pytest.raises(error, match=reason):
        crawl(answer)


def test_a_rate_limit_in_the_body_counts_whatever_the_status() -> None:
    limited = json.loads(sample("lastfm", "rate_limited.json"))

    with pytest.raises(RateLimitedError) as caught:
        crawl(httpx2.Response(200, json=limited, headers={"Retry-After": "9"}))
    assert caught.value.retry_after == 9


def test_there_is_nothing_to_revoke() -> None:
    script = Script()
    run(LASTFM.adapter(script.http).revoke(GRANT))

    assert script.requests == []
