"""Apple Music: the user's token from the browser, and plays inferred from an ordered list."""

from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.providers.accounts import APPLE_MUSIC, AUTHORIZATION, GRANT, KEY, NOW, PRIVATE_KEY
from tests.providers.scripted import Script, reply, run
from topk.domain.crawl.provider import BrowserGranted, Fetched
from topk.domain.errors import InvalidRequestError, NotPermittedError, ReauthRequiredError
from topk.domain.play import Play, Precision, Track
from topk.providers.apple_music.developer_token import DeveloperToken
from topk.providers.http.transport import Transport

DAY = 86_400


def entry(identity: str, **attributes: Any) -> dict[str, Any]:
    usual = {"name": f"Song {identity}", "artistName": "A", "durationInMillis": 200_000}
    return {"id": identity, "type": "songs", "attributes": usual | attributes}


def page(*entries: Any, following: str | None = None) -> httpx2.Response:
    body: dict[str, Any] = {"data": list(entries)}
    return httpx2.Response(200, json=body | ({"next": following} if following else {}))


def listing(songs: str) -> httpx2.Response:
    return page(*(entry(song) for song in songs))


def crawl(
    *answers: httpx2.Response, checkpoint: str = "", now: int = NOW, depth: int = 8
) -> Fetched:
    adapter = APPLE_MUSIC.adapter(Script(*answers).http, depth=depth)
    return run(adapter.fetch(GRANT, checkpoint, now=now))


def crawl_twice(old: str, new: str) -> Fetched:
    first = crawl(listing(old))
    return crawl(listing(new), checkpoint=first.checkpoint, now=NOW + DAY)


def songs_of(fetched: Fetched) -> str:
    return "".join(play.track.track_id for play in fetched.plays)


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, ECKey.import_key(KEY.public_key()), algorithms=["ES256"]).claims


def test_consent_is_given_on_our_page_next_to_the_callback() -> None:
    url = APPLE_MUSIC.adapter(Script().http).authorize_url(AUTHORIZATION)

    assert url == "https://api.example/v1/oauth/any/authorize?state=fake-state-1"


def test_the_page_has_the_script_a_developer_token_and_the_callback() -> None:
    adapter = APPLE_MUSIC.adapter(Script().http)
    assert isinstance(adapter, BrowserGranted)

    page = adapter.page(state="fake-state-1", redirect_uri="https://api.example/back", now=NOW)

    assert page.script_url == "https://js-cdn.music.apple.com/musickit/v3/musickit.js"
    assert page.state == "fake-state-1"
    assert page.post_to == "https://api.example/back"
    assert claims_of(page.developer_token)["iss"] == "FAKETEAM"
    assert page.developer_token not in repr(page)


def test_the_token_from_the_browser_is_the_grant() -> None:
    adapter = APPLE_MUSIC.adapter(Script().http)
    answer = {"music_user_token": "fake-music-user-token-1"}

    grant = run(adapter.complete(AUTHORIZATION, answer, now=NOW))

    assert grant.access_token == "fake-music-user-token-1"
    assert (grant.refresh_token, grant.expires_at) == (None, None)
    assert grant.consent_ends_at == NOW + 183 * DAY


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX-Header: y", "é", "x" * 4097])
def test_a_malformed_token_is_refused(token: str) -> None:
    adapter = APPLE_MUSIC.adapter(Script().http)

    with pytest.raises(InvalidRequestError) as caught:
        run(adapter.complete(AUTHORIZATION, {"music_user_token": token}, now=NOW))
    assert caught.value.field == "music_user_token"


def test_a_token_cannot_be_refreshed() -> None:
    with pytest.raises(ReauthRequiredError):
        run(APPLE_MUSIC.adapter(Script().http).refresh(GRANT, now=NOW))


def test_withdrawn_consent_requires_reauthorisation() -> None:
    """Habit 20: 403 means the user's token, which becomes invalid without notice."""
    with pytest.raises(ReauthRequiredError) as caught:
        crawl(reply("apple_music", "forbidden.json", 403))
    assert caught.value.reason == "consent_withdrawn"


def test_a_refused_developer_token_is_not_the_users_fault() -> None:
    """Habit 20: 401 means the developer token."""
    with pytest.raises(NotPermittedError):
        crawl(reply("apple_music", "unauthorized.json", 401))


def test_each_request_has_both_tokens_the_limit_and_the_types() -> None:
    """Habit 19: `next` drops the limit and the types."""
    script = Script(*(reply("apple_music", name) for name in APPLE_MUSIC.pages))
    run(APPLE_MUSIC.adapter(script.http).fetch(GRANT, "", now=NOW))

    assert [dict(request.url.params) for request in script.requests] == [
        {"limit": "30", "offset": "0", "types": "songs,library-songs"},
        {"limit": "30", "offset": "3", "types": "songs,library-songs"},
    ]
    for request in script.requests:
        assert request.url.path == "/v1/me/recent/played/tracks"
        assert request.headers["music-user-token"] == GRANT.access_token
        scheme, _, token = request.headers["authorization"].partition(" ")
        assert scheme == "Bearer"
        assert claims_of(token)["exp"] > NOW


def test_the_first_list_is_the_baseline_and_counts_nothing() -> None:
    first = crawl(listing("abc"))

    assert (first.plays, first.gap_since, first.crawled_through) == ((), None, NOW)


def test_an_entry_is_read_with_all_displayed_fields() -> None:
    answers = [reply("apple_music", name) for name in APPLE_MUSIC.pages]
    fetched = crawl(*answers, checkpoint=APPLE_MUSIC.checkpoint, depth=50)

    assert fetched.plays[0] == Play(
        "apple_music",
        Track(
            track_id="1622045954",
            title="Paper Lanterns",
            artists=("Mira Holt",),
            album="Night Ferry",
            duration=222,
            isrc="GBAAA2600001",
            url="https://music.apple.com/us/album/1622045954?i=1622045954",
            image="https://is1-ssl.mzstatic.com/image/thumb/Music/v4/045954/300x300bb.jpg",
        ),
        listened_at=NOW - 7200,
        precision=Precision.INFERRED,
    )
    assert {play.listened_at for play in fetched.plays} == {NOW - 7200}


def test_a_library_song_needs_neither_isrc_nor_url() -> None:
    answers = [reply("apple_music", name) for name in APPLE_MUSIC.pages]
    fetched = crawl(*answers, checkpoint=APPLE_MUSIC.checkpoint, depth=50)

    track = fetched.plays[2].track
    assert (track.track_id, track.isrc, track.url) == ("i.V7kPq2xTz1", "", "")


@pytest.mark.parametrize(
    ("old", "new", "played", "gap"),
    [
        ("abcd", "abcd", "", False),
        ("abcd", "xcabd", "xc", False),
        ("abcdefgh", "xcabdefg", "xc", False),
        ("abcdefgh", "stuvwxyz", "stuvwxyz", True),
        ("", "ab", "ab", False),
        ("abcd", "wxyz", "", True),
        ("abcd", "", "", True),
    ],
    ids=["same", "moved", "pushed off", "all new", "from nothing", "another list", "cleared"],
)
def test_songs_that_moved_to_the_top_were_played(
    old: str, new: str, played: str, gap: bool
) -> None:
    """Habit 17: a replay moves its song to the top."""
    second = crawl_twice(old, new)

    assert songs_of(second) == played
    assert second.gap_since == (NOW if gap else None)


@pytest.mark.parametrize(
    ("old", "new", "fill"),
    [("abcdefgh", "xycabdef", 3 / 8), ("abcdefgh", "stuvwxyz", 1.0), ("abcd", "wxyz", 1.0)],
)
def test_plays_fill_their_share_of_the_depth(old: str, new: str, fill: float) -> None:
    assert crawl(listing(old)).fill == 0.0
    assert crawl_twice(old, new).fill == fill


def test_a_list_that_no_plays_explain_becomes_the_baseline() -> None:
    second = crawl_twice("abcd", "wxyz")
    third = crawl(listing("vwxyz"), checkpoint=second.checkpoint, now=NOW + 2 * DAY)

    assert songs_of(third) == "v"


@pytest.mark.parametrize("depth", [8, 4], ids=["short list", "full list"])
def test_a_stale_list_after_a_newer_one_invents_no_play(depth: int) -> None:
    """Habit 18."""
    first = crawl(listing("abcd"), depth=depth)
    newer = crawl(listing("xabcd"[:depth]), checkpoint=first.checkpoint, now=NOW + DAY, depth=depth)
    stale = crawl(listing("abcd"), checkpoint=newer.checkpoint, now=NOW + 2 * DAY, depth=depth)
    again = crawl(
        listing("yxabcd"[:depth]), checkpoint=stale.checkpoint, now=NOW + 3 * DAY, depth=depth
    )

    assert [songs_of(one) for one in (newer, stale, again)] == ["x", "", "y"]
    assert (stale.gap_since, again.gap_since, stale.crawled_through) == (None, None, NOW + DAY)
    assert again.plays[0].listened_at == NOW + DAY


def test_pages_are_read_to_the_depth_and_no_further() -> None:
    """Habit 19: a page of 28 when 30 were requested, and a `next` that skips two."""
    whole = [entry(f"{n}") for n in range(70)]
    next_of = "/v1/me/recent/played/tracks?offset={}".format
    script = Script(
        page(*whole[:28], following=next_of(30)), page(*whole[28:58], following=next_of(60))
    )
    adapter = APPLE_MUSIC.adapter(script.http, depth=50)
    first = run(adapter.fetch(GRANT, "", now=NOW))
    again = crawl(page(*whole[:50]), checkpoint=first.checkpoint, depth=50)

    assert script.is_spent
    assert len(first.checkpoint) == len(again.checkpoint)
    assert (again.plays, again.gap_since) == ((), None)


def test_every_page_is_requested_at_the_configured_address() -> None:
    """Habit "any": a `next` to another host is not followed."""
    elsewhere = "https://evil.example/v1/me/recent/played/tracks?offset=1&limit=9"
    script = Script(page(entry("a"), following=elsewhere), page(entry("b")))
    run(APPLE_MUSIC.adapter(script.http).fetch(GRANT, "", now=NOW))

    assert [request.url.host for request in script.requests] == ["api.music.apple.com"] * 2
    assert script.requests[1].url.params["limit"] == "30"


@pytest.mark.parametrize("following", ["/x?offset=0", "/x?offset=-1", "/x?offset=z", "/x", "//["])
def test_an_invalid_next_ends_the_list(following: str) -> None:
    assert crawl(page(entry("a"), following=following)).crawled_through == NOW


def test_an_entry_on_two_pages_counts_once() -> None:
    first = crawl(listing("ab"))
    pages = page(entry("c"), entry("a"), following="/x?offset=2"), page(entry("a"), entry("b"))
    second = crawl(*pages, checkpoint=first.checkpoint, now=NOW + DAY)

    assert songs_of(second) == "c"


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "x", "type": "songs"},  # Habit 19
        {"id": "x", "attributes": None},
        entry("x", name=""),
        entry("x", name=None),
        entry("x", name="x" * 10_000),
    ],
)
def test_an_unreadable_entry_is_counted_once(broken: Any) -> None:
    first = crawl(listing("ab"))
    second = crawl(
        page(entry("c"), broken, entry("a"), entry("b")),
        checkpoint=first.checkpoint,
        now=NOW + 300,
    )
    third = crawl(
        page(entry("d"), entry("c"), broken, entry("a"), entry("b")),
        checkpoint=second.checkpoint,
        now=NOW + 600,
    )

    assert [(play.track.track_id, play.listened_at) for play in second.plays] == [("c", NOW)]
    assert second.skipped == 1
    assert (songs_of(third), third.skipped) == ("d", 0)


def test_a_title_of_ten_megabytes_costs_its_entry_and_not_its_page() -> None:
    first = crawl(listing("ab"))
    second = crawl(
        page(entry("c"), entry("d", name="x" * 10_000_000), entry("a"), entry("b")),
        checkpoint=first.checkpoint,
        now=NOW + 9,
    )

    assert (songs_of(second), second.skipped) == ("c", 1)


@pytest.mark.parametrize("broken", [{"type": "songs"}, {"id": 7}, None, "x"])
def test_an_entry_without_an_id_is_counted_and_its_page_kept(broken: Any) -> None:
    first = crawl(listing("ab"))
    second = crawl(
        page(entry("c"), broken, entry("a"), entry("b")), checkpoint=first.checkpoint, now=NOW + 9
    )

    assert (songs_of(second), second.skipped) == ("c", 1)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from("abcdefghij"), max_size=6),
    st.lists(st.lists(st.sampled_from("abcdefghij"), max_size=6), max_size=4),
)
def test_each_crawl_returns_the_plays_since_the_last_in_order(
    before: list[str], days: list[list[str]]
) -> None:
    shown: list[str] = []

    def answer(_: httpx2.Request) -> httpx2.Response:
        return listing("".join(shown))

    def hear(songs: list[str]) -> None:
        for song in songs:
            shown[:] = [song, *(one for one in shown if one != song)]

    adapter = APPLE_MUSIC.adapter(Transport(lambda: httpx2.MockTransport(answer)))
    hear(before)
    checkpoint = run(adapter.fetch(GRANT, "", now=NOW)).checkpoint
    for day, played in enumerate(days, 1):
        hear(played)
        fetched = run(adapter.fetch(GRANT, checkpoint, now=NOW + day * DAY))
        assert set(songs_of(fetched)) <= set(played)
        assert songs_of(fetched) == "".join(shown)[: len(fetched.plays)]
        assert {play.listened_at for play in fetched.plays} <= {NOW + (day - 1) * DAY}
        checkpoint = fetched.checkpoint


def test_a_crawl_repeated_after_more_plays_returns_the_same_plays_again() -> None:
    first = crawl(listing("abc"))
    lost = crawl(listing("yxabc"), checkpoint=first.checkpoint, now=NOW + 60)
    again = crawl(listing("xzyabc"), checkpoint=first.checkpoint, now=NOW + 900)

    assert set(lost.plays) <= set(again.plays)
    assert len(set(lost.plays) | set(again.plays)) == 3


def developer_token() -> DeveloperToken:
    return DeveloperToken(team_id="FAKETEAM", key_id="FAKEKEY", private_key=PRIVATE_KEY)


def test_a_developer_token_is_signed_as_apple_requires() -> None:
    token = developer_token().at(NOW)

    decoded = jwt.decode(token, ECKey.import_key(KEY.public_key()), algorithms=["ES256"])
    assert decoded.header["kid"] == "FAKEKEY"
    assert decoded.claims == {"iss": "FAKETEAM", "iat": NOW, "exp": NOW + DAY}
    assert decoded.claims["exp"] - decoded.claims["iat"] <= 15_777_000


@given(st.lists(st.integers(0, 10 * DAY), min_size=1, max_size=5))
@settings(deadline=None, max_examples=40)
def test_a_developer_token_is_always_valid_when_requested(moments: list[int]) -> None:
    tokens = developer_token()
    for moment in moments:
        claims = claims_of(tokens.at(NOW + moment))
        assert claims["iat"] <= NOW + moment <= claims["exp"] - 3600


def test_a_developer_token_is_reused_until_shortly_before_it_expires() -> None:
    tokens = developer_token()

    assert tokens.at(NOW) == tokens.at(NOW + DAY - 3601)
    assert tokens.at(NOW) != tokens.at(NOW + DAY - 3600)
