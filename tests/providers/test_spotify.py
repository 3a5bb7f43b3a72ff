"""Spotify: consent, tokens, and the list of the last 50 plays."""

import base64
import hashlib
import json
from typing import Any

import httpx2
import pytest

from tests.providers.accounts import AUTHORIZATION, GRANT, NOW, SPOTIFY
from tests.providers.scripted import Script, form, reply, run, sample
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

DAY = 86_400


def crawl(script: Script, checkpoint: str = "") -> Fetched:
    return run(SPOTIFY.adapter(script.http).fetch(GRANT, checkpoint, now=NOW))


def page(*items: Any, following: str | None = None) -> httpx2.Response:
    return httpx2.Response(200, json={"items": list(items), "next": following})


def item(track: dict[str, Any] | None = None, at: str = "2026-10-05T19:23:51.761Z") -> Any:
    usual = {"id": "1", "name": "One", "artists": [{"name": "A"}], "duration_ms": 200_000}
    return {"track": usual | (track or {}), "played_at": at}


def test_a_title_of_ten_megabytes_costs_its_item_and_not_its_page() -> None:
    fetched = crawl(Script(page(item({"id": "2", "name": "x" * 10_000_000}), item())))

    assert ([play.track.title for play in fetched.plays], fetched.skipped) == (["One"], 1)


def test_consent_requests_one_scope_with_an_s256_challenge() -> None:
    url = httpx2.URL(SPOTIFY.adapter(Script().http).authorize_url(AUTHORIZATION))
    digest = hashlib.sha256(AUTHORIZATION.code_verifier.encode()).digest()

    assert (url.host, url.path) == ("accounts.spotify.com", "/authorize")
    assert dict(url.params) == {
        "response_type": "code",
        "client_id": "fake-client",
        "scope": "user-read-recently-played",
        "redirect_uri": AUTHORIZATION.redirect_uri,
        "state": AUTHORIZATION.state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }


def test_a_code_becomes_a_grant() -> None:
    script = Script(reply("spotify", "token.json"))
    answer = {"code": "fake-code-1", "state": AUTHORIZATION.state}

    grant = run(SPOTIFY.adapter(script.http).complete(AUTHORIZATION, answer, now=NOW))

    request = script.requests[0]
    assert str(request.url) == "https://accounts.spotify.com/api/token"
    assert request.headers["authorization"] == (
        "Basic " + base64.b64encode(b"fake-client:fake-client-secret").decode()
    )
    assert form(request) == {
        "grant_type": "authorization_code",
        "code": "fake-code-1",
        "redirect_uri": AUTHORIZATION.redirect_uri,
        "code_verifier": AUTHORIZATION.code_verifier,
    }
    assert grant.access_token == "fake-access-token-1"
    assert grant.refresh_token == "fake-refresh-token-1"
    assert grant.expires_at == NOW + 3600
    assert grant.consent_ends_at == NOW + 183 * DAY


def test_a_refresh_keeps_the_refresh_token_and_the_end_of_the_consent() -> None:
    script = Script(reply("spotify", "token_refreshed.json"))

    fresh = run(SPOTIFY.adapter(script.http).refresh(GRANT, now=NOW + 50))

    assert form(script.requests[0]) == {
        "grant_type": "refresh_token",
        "refresh_token": "fake-refresh-token-1",
    }
    assert fresh.access_token == "fake-access-token-2"
    assert fresh.refresh_token == "fake-refresh-token-1"
    assert fresh.expires_at == NOW + 50 + 3600
    assert fresh.consent_ends_at == GRANT.consent_ends_at


def test_a_refresh_adopts_a_rotated_refresh_token() -> None:
    """Habit 12: single-use refresh tokens."""
    rotated = json.loads(sample("spotify", "token_refreshed.json"))
    rotated["refresh_token"] = "fake-refresh-token-2"
    script = Script(httpx2.Response(200, json=rotated))

    fresh = run(SPOTIFY.adapter(script.http).refresh(GRANT, now=NOW))

    assert fresh.refresh_token == "fake-refresh-token-2"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply("spotify", "token_revoked.json", 400), ReauthRequiredError),
        (reply("spotify", "token_invalid_code.json", 200), ReauthRequiredError),
        (reply("spotify", "token_invalid_client.json", 400), NotPermittedError),
        (httpx2.Response(503, json={"error": "server_error"}), TransientError),
        (httpx2.Response(400, json={"error": "temporarily_unavailable"}), TransientError),
        (httpx2.Response(400, text="<html>"), BadPayloadError),
        (httpx2.Response(400, content=b'{"error": "\xff"}'), BadPayloadError),
        (httpx2.Response(200, json={"token_type": "Bearer"}), BadPayloadError),
    ],
)
def test_each_refused_refresh_maps_to_its_error(
    answer: httpx2.Response, error: type[ProviderError]
) -> None:
    with pytest.raises(error):
        run(SPOTIFY.adapter(Script(answer).http).refresh(GRANT, now=NOW))


def test_a_consent_without_the_scope_is_refused() -> None:
    answer = httpx2.Response(
        200, json={"access_token": "fake-access-token-1", "scope": "user-read-email"}
    )
    adapter = SPOTIFY.adapter(Script(answer).http)

    with pytest.raises(ReauthRequiredError, match="scope_missing"):
        run(adapter.complete(AUTHORIZATION, {"code": "fake-code-1"}, now=NOW))


def test_a_play_is_read_with_all_displayed_fields() -> None:
    fetched = crawl(Script(*(reply("spotify", name) for name in SPOTIFY.pages)))

    assert fetched.plays[0] == Play(
        "spotify",
        Track(
            track_id="5SvA4Tf1yTqnZ7mC0KxWq1",
            title="Paper Lanterns",
            artists=("Mira Holt",),
            album="Night Ferry",
            duration=222,
            isrc="GBAAA2600001",
            url="https://open.spotify.com/track/5SvA4Tf1yTqnZ7mC0KxWq1",
            image="https://i.scdn.co/image/ab67616d00001e0201",
        ),
        listened_at=1_791_228_232,
        precision=Precision.END,
    )
    assert fetched.crawled_through == NOW
    assert fetched.gap_since is None


def test_a_local_file_is_a_play_and_a_missing_track_is_counted() -> None:
    """Habit 9: `track: null`, and the user's local files."""
    fetched = crawl(Script(*(reply("spotify", name) for name in SPOTIFY.pages)))

    local = fetched.plays[3].track
    assert (local.track_id, local.title, local.artists) == ("", "Demo Tape", ("Garage Four",))
    assert len(fetched.plays) == 4
    assert fetched.skipped == 1


@pytest.mark.parametrize(
    "broken",
    [
        item({"name": ""}),
        item({"name": None}),
        item({"name": "x" * 10_000}),
        item({"name": " "}),
        item(at="yesterday"),
        item(at="2026-10-05T19:23:51"),
        {"track": None, "played_at": "2026-10-05T19:23:51.761Z"},
        {},
        None,
        7,
    ],
)
def test_a_broken_item_is_counted_and_its_page_kept(broken: Any) -> None:
    fetched = crawl(Script(page(item(), broken)))

    assert len(fetched.plays) == 1
    assert fetched.skipped == 1


@pytest.mark.parametrize("at", ["2026-10-07T14:00:01.000Z", "1999-12-31T23:59:59.000Z"])
def test_a_play_with_an_impossible_time_is_counted(at: str) -> None:
    fetched = crawl(Script(page(item(), item(at=at))))

    assert len(fetched.plays) == 1
    assert fetched.skipped == 1


def test_a_play_that_began_on_a_whole_second_keeps_it() -> None:
    fetched = crawl(Script(page(item({"duration_ms": 221_500}, "2026-10-05T19:23:41.500Z"))))

    assert fetched.plays[0].started_at == 1_791_228_000


def test_plays_are_distinguished_by_millisecond() -> None:
    at = "2026-10-05T19:23:51.{}Z".format

    assert len(crawl(Script(page(item(at=at(761)), item(at=at(762)), item(at=at(762))))).plays) == 2


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//open.example"])
def test_only_web_links_are_kept(address: str) -> None:
    images = [{"url": address, "width": 300}]
    track = {"external_urls": {"spotify": address}, "album": {"images": images}}
    shown = crawl(Script(page(item(track)))).plays[0].track

    assert (shown.url, shown.image) == ("", "")


def test_every_page_is_requested_at_the_configured_address() -> None:
    """Habit "any": a `next` to another host is not followed."""
    elsewhere = "https://evil.example/v1/me/player/recently-played?before=17&limit=1"
    script = Script(page(item(), following=elsewhere), page())

    crawl(script)

    assert [request.url.host for request in script.requests] == ["api.spotify.com"] * 2
    assert dict(script.requests[1].url.params) == {"limit": "50", "before": "17"}


def test_cyclic_pages_end() -> None:
    circle = "https://api.spotify.com/v1/me/player/recently-played?before=17"
    script = Script(*(page(item(), following=circle) for _ in range(2)))

    assert len(crawl(script).plays) == 1
    assert script.is_spent


@pytest.mark.parametrize("following", ["https://[", "nonsense", "", "?before="])
def test_an_invalid_next_ends_the_list(following: str) -> None:
    assert len(crawl(Script(page(item(), following=following))).plays) == 1


def test_no_page_is_requested_after_a_full_list() -> None:
    """Habit 4: its `next` page is empty."""
    full = [item({"id": str(n)}) for n in range(50)]
    script = Script(page(*full, following="https://api.spotify.com/x?before=1"))

    assert len(crawl(script).plays) == 50


def full_of(prefix: str, number: int = 50) -> list[Any]:
    return [item({"id": f"{prefix}{n}"}) for n in range(number)]


@pytest.mark.parametrize(
    ("before", "after", "gap"),
    [
        (full_of("a"), full_of("b"), True),
        (full_of("a"), [*full_of("b", 49), item({"id": "a0"})], False),
        (full_of("a"), [*full_of("b", 49), {"track": None}], True),
        (full_of("a"), full_of("b", 49), False),
        ([], full_of("b"), True),
    ],
    ids=["all new", "one known", "one unreadable", "not full", "none before"],
)
def test_a_full_list_of_only_new_plays_is_a_gap_since_the_last_crawl(
    before: list[Any], after: list[Any], gap: bool
) -> None:
    first = crawl(Script(page(*before)))
    adapter = SPOTIFY.adapter(Script(page(*after)).http)

    second = run(adapter.fetch(GRANT, first.checkpoint, now=NOW + DAY))

    assert first.gap_since is None
    assert second.gap_since == (NOW if gap else None)


@pytest.mark.parametrize(
    ("after", "fill"),
    [
        (full_of("b"), 1.0),
        ([*full_of("b", 25), *full_of("a", 25)], 0.5),
        (full_of("a"), 0.0),
        ([*full_of("b", 60)], 1.0),
    ],
)
def test_new_plays_fill_their_share_of_the_depth(after: list[Any], fill: float) -> None:
    first = crawl(Script(page(*full_of("a"))))

    assert crawl(Script(page(*after)), first.checkpoint).fill == fill


def test_a_first_crawl_is_filled_by_the_plays_of_the_last_24_hours() -> None:
    old = [item({"id": str(n)}, "2026-10-05T13:59:59.000Z") for n in range(10)]
    new = [item({"id": str(n)}, "2026-10-05T14:00:01.000Z") for n in range(20)]

    assert crawl(Script(page(*new, *old))).fill == 0.4


def test_a_user_outside_the_apps_allowlist_is_not_permitted() -> None:
    """Habit 15: 403 in plain text."""
    with pytest.raises(NotPermittedError):
        crawl(Script(reply("spotify", "forbidden.txt", 403)))


def test_a_next_that_leads_to_an_empty_page_ends_the_list() -> None:
    """Habits 2 and 4: an exhausted page has no items and null cursors."""
    script = Script(
        reply("spotify", "recently_played.json"), reply("spotify", "recently_played_empty.json")
    )

    assert len(crawl(script).plays) == 3
    assert script.is_spent


def test_a_play_repeated_by_a_truncated_cursor_counts_once() -> None:
    """Habit 3: a cursor cut to the second re-delivers the last item of the page before."""
    first, last, older = (item({"id": str(n)}, f"2026-10-05T19:2{9 - n}:51.761Z") for n in range(3))
    following = "https://api.spotify.com/x?before=1791228111000"
    fetched = crawl(Script(page(first, last, following=following), page(last, older)))

    assert [play.track.track_id for play in fetched.plays] == ["0", "1", "2"]
    assert fetched.fill == 3 / 50


def test_a_timestamp_is_read_as_an_end_with_an_uncertain_start() -> None:
    """Habit 5: some timestamps are starts, and it is unknown which, so both readings are kept."""
    play = crawl(Script(page(item({"duration_ms": 200_000})))).plays[0]

    assert play.precision is Precision.END
    assert play.listened_at - play.started_at == play.track.duration == 200


@pytest.mark.parametrize(
    "case", ["rate_limited.json", "rate_limited_quota.json", "rate_limited.txt"]
)
@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("72000", 72_000), ("Tue, 06 Oct 2026 14:00:30 GMT", 30), (None, 60)],
)
def test_each_kind_of_rate_limit_applies_to_the_app_with_its_duration(
    case: str, header: str | None, seconds: int
) -> None:
    """Habit 14: three bodies, and a Retry-After of seconds, 20 hours or a date."""
    limited = reply("spotify", case, 429, {"Retry-After": header} if header else None)

    with pytest.raises(RateLimitedError) as caught:
        crawl(Script(limited))
    assert (caught.value.retry_after, caught.value.scope) == (seconds, "app")


@pytest.mark.parametrize("status", [502, 504])
def test_a_failure_between_pages_is_transient_and_returns_no_plays(status: int) -> None:
    """Habit 16: bursts of 502 and 504."""
    script = Script(
        reply("spotify", "recently_played.json"), reply("spotify", "bad_gateway.txt", status)
    )
    with pytest.raises(TransientError):
        crawl(script)


def test_an_access_token_that_expires_between_pages_is_reported() -> None:
    """Habit 16: 401 on a later page."""
    script = Script(
        reply("spotify", "recently_played.json"), reply("spotify", "unauthorized.json", 401)
    )
    with pytest.raises(AccessExpiredError):
        crawl(script)


def test_the_list_is_requested_with_the_bearer_token() -> None:
    script = Script(page())
    crawl(script)

    assert script.requests[0].headers["authorization"] == "Bearer fake-access-token-1"


def test_there_is_nothing_to_revoke() -> None:
    script = Script()
    run(SPOTIFY.adapter(script.http).revoke(GRANT))

    assert script.requests == []


def test_an_unreadable_checkpoint_starts_a_first_crawl() -> None:
    assert len(crawl(Script(page(item())), checkpoint="?\u00e9").plays) == 1
