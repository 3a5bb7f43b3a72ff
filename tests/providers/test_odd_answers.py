"""Answers that are not quite as documented, as users and client libraries of the real providers
reported them: what counts is read, what is decoration may be odd, and nothing vanishes uncounted.
"""

import json
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.accounts import (
    APPLE_MUSIC,
    GRANT,
    LASTFM,
    LISTENBRAINZ,
    NOW,
    PARTNER,
    SPOTIFY,
    Account,
)
from tests.providers.scripted import Script, run
from topk.domain.crawl.provider import Fetched
from topk.domain.crawl.skipped import Skip
from topk.domain.errors import BadPayloadError
from topk.domain.play import Track
from topk.providers.checkpoints.checkpoint_hashes import PageCheckpoint

DEMO: dict[str, Any] = {
    "name": "Demo",
    "artists": [{"name": "Band A"}],
    "id": "x",
    "duration_ms": 200_000,
}
PLAYED = "2026-10-06T10:00:00.000Z"


def crawl(account: Account, *answers: httpx2.Response, checkpoint: str = "") -> Fetched:
    script = Script(*answers)
    fetched = run(account.adapter(script.http).fetch(GRANT, checkpoint, now=NOW))
    assert script.is_spent
    return fetched


def body(value: Any) -> httpx2.Response:
    return httpx2.Response(200, content=json.dumps(value))


def spotify(*items: Any) -> Fetched:
    return crawl(SPOTIFY, body({"items": list(items), "next": None}))


def demo(**changed: Any) -> dict[str, Any]:
    return {"track": DEMO | changed, "played_at": PLAYED}


def lastfm(listed: dict[str, Any]) -> Fetched:
    return crawl(LASTFM, body({"recenttracks": {"@attr": {"totalPages": "1"}} | listed}))


def scrobble(**changed: Any) -> dict[str, Any]:
    usual = {"name": "One", "artist": {"#text": "A"}, "date": {"uts": str(NOW - 60)}}
    return usual | changed


def listenbrainz(*listens: Any) -> Fetched:
    return crawl(LISTENBRAINZ, body({"payload": {"listens": list(listens)}}))


def listen(at: Any = NOW - 60, **changed: Any) -> dict[str, Any]:
    metadata = {"artist_name": "A", "track_name": "One"} | changed
    return {"listened_at": at, "recording_msid": "m", "track_metadata": metadata}


@pytest.mark.parametrize(
    ("changed", "duration"),
    [
        ({"duration_ms": 200_000.0}, 200),
        ({"duration_ms": 204_053.6}, 204),
        ({"duration_ms": {"totalMilliseconds": 200_000}}, 200),
        ({"duration_ms": {"totalMilliseconds": 200_000.0}}, 200),
        ({"duration_ms": "200000"}, 200),
        ({"duration_ms": None}, 0),
        ({"duration_ms": "long"}, 0),
        ({"duration_ms": -1}, 0),
        ({"duration_ms": {"seconds": 200}}, 0),
    ],
)
def test_a_duration_is_read_whatever_number_it_is_and_else_left_out(
    changed: dict[str, Any], duration: int
) -> None:
    fetched = spotify(demo(**changed))

    assert [play.track.duration for play in fetched.plays] == [duration]
    assert fetched.skipped == 0


@pytest.mark.parametrize(
    ("artists", "shown"),
    [
        ([{"name": "Band A"}, {"name": None}], ("Band A",)),
        ([{"name": " "}, {"name": "Band A"}, {}, None, 7], ("Band A",)),
        ([{"name": ""}], ()),
        ([], ()),
        (None, ()),
        ([{"name": "Band A"}, {"name": "x" * 2000}], ("Band A",)),
        ([{"name": "Band A"}, {"name": "half \ud83d"}], ("Band A",)),
    ],
)
def test_artists_without_a_name_cost_themselves(artists: Any, shown: tuple[str, ...]) -> None:
    fetched = spotify(demo(artists=artists))

    assert [play.track.artists for play in fetched.plays] == [shown]
    assert fetched.skipped == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"album": {"name": "D", "images": [{"url": "https://i/1", "width": 640.0}]}},
        {"album": {"name": "half \ud83d", "images": None}},
        {"album": {"name": "x" * 10_000, "images": [None, 7, {"url": None}]}},
        {"album": []},
        {"album": None, "external_ids": None, "external_urls": None},
        {"external_ids": {"isrc": ["QMABC2600001"]}},
        {"external_urls": "https://open.spotify.com/track/x"},
        {"id": 7},
        {"id": None, "is_local": True},
        {"type": None},
        {"artists": [{"name": "A"}] * 500},
    ],
)
def test_odd_decoration_costs_no_play_at_spotify(odd: dict[str, Any]) -> None:
    fetched = spotify(demo(**odd))

    assert [play.track.title for play in fetched.plays] == ["Demo"]
    assert (fetched.skipped, fetched.read) == (0, 1)


def test_bytes_that_are_no_text_cost_their_field_alone() -> None:
    page = json.dumps({"items": [demo(album={"name": "MARK"}), demo(name="MARK", id="y")]})
    fetched = crawl(SPOTIFY, httpx2.Response(200, content=page.encode().replace(b"MARK", b"\xff")))

    assert [(play.track.track_id, play.track.album) for play in fetched.plays] == [("x", "")]
    assert dict(fetched.left_out.counts) == {Skip.TEXT: 1}


def test_a_cover_is_kept_beside_odd_ones() -> None:
    images = [{"url": 7}, {"url": "https://i.example/1", "width": 640.0, "height": 640.0}]

    assert spotify(demo(album={"images": images})).plays[0].track.image == "https://i.example/1"


def test_a_podcast_is_neither_a_play_nor_skipped() -> None:
    fetched = spotify(demo(type="episode"), demo(id="y"))

    assert [play.track.track_id for play in fetched.plays] == ["y"]
    assert dict(fetched.left_out.counts) == {}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (demo(name=None), Skip.TITLE),
        (demo(name="  "), Skip.TITLE),
        (demo(name="half \ud83d"), Skip.TEXT),
        (demo() | {"played_at": "yesterday"}, Skip.TIME),
        (demo() | {"played_at": "2026-10-08T14:00:01Z"}, Skip.TIME),
        ({"track": DEMO}, Skip.TIME),
        (demo() | {"track": None}, Skip.REMOVED),
        ({"played_at": PLAYED}, Skip.MALFORMED),
        (7, Skip.MALFORMED),
        ([], Skip.MALFORMED),
    ],
)
def test_each_item_that_is_left_out_is_counted_by_its_reason(item: Any, reason: Skip) -> None:
    fetched = spotify(demo(), item)

    assert len(fetched.plays) == 1
    assert dict(fetched.left_out.counts) == {reason: 1}


def test_half_an_emoji_costs_its_own_item_alone() -> None:
    fetched = listenbrainz(listen(track_name="half \ud83d"), listen(track_name="whole"))

    assert [play.track.title for play in fetched.plays] == ["whole"]
    assert dict(fetched.left_out.counts) == {Skip.TEXT: 1}


@pytest.mark.parametrize("broken", [b"half \\ud83d", b"half \xf0\x9f\x98", b"\xff"])
@pytest.mark.parametrize("account", [LASTFM, LISTENBRAINZ, SPOTIFY, PARTNER], ids=str)
def test_half_an_emoji_anywhere_costs_no_other_play(account: Account, broken: bytes) -> None:
    """At the page's own level too: Last.fm's pages name the user."""
    pages = {
        "lastfm": {"recenttracks": {"track": [scrobble()], "@attr": {"user": "MARK"}}},
        "listenbrainz": {"payload": {"user_id": "MARK", "listens": [listen()]}},
        "spotify": {"href": "MARK", "items": [demo()]},
        "partner": {"note": "MARK", "listens": [{"listened_at": NOW - 60, "track": TRACK}]},
    }
    content = json.dumps(pages[account.provider]).encode().replace(b"MARK", broken)

    assert len(crawl(account, httpx2.Response(200, content=content)).plays) == 1


TRACK = {"title": "One", "artists": ["A"]}


@pytest.mark.parametrize(
    "odd",
    [
        {"album": 7},
        {"album": "half \ud83d"},
        {"duration_ms": "?"},
        {"isrc": []},
        {"url": {}},
        {"image": "x" * 3000},
        {"id": None},
        {"artists": ["A", None, " "]},
    ],
)
def test_odd_decoration_costs_no_listen_of_a_partner(odd: dict[str, Any]) -> None:
    page = {"listens": [{"listened_at": NOW - 60, "track": TRACK | odd}]}

    assert [play.track.artists for play in crawl(PARTNER, body(page)).plays] == [("A",)]


def test_a_cursor_that_cannot_be_read_is_no_end_of_a_partners_list() -> None:
    with pytest.raises(BadPayloadError):
        crawl(PARTNER, body({"listens": [], "next_cursor": 7}))


@pytest.mark.parametrize(
    ("listed", "plays"),
    [
        ({"@attr": {"user": "x", "total": "0"}}, 0),
        ({"track": []}, 0),
        ({"track": scrobble()}, 1),
        ({"track": [scrobble()], "@attr": None}, 1),
        ({"track": [scrobble()], "@attr": {"totalPages": 1}}, 1),
    ],
)
def test_a_list_of_scrobbles_may_be_missing_empty_or_one_object(
    listed: dict[str, Any], plays: int
) -> None:
    fetched = lastfm(listed)

    assert (len(fetched.plays), fetched.skipped) == (plays, 0)
    assert fetched.crawled_through == NOW


@pytest.mark.parametrize(
    "odd",
    [
        {"artist": {"#text": ""}},
        {"artist": None},
        {"album": [], "image": None},
        {"image": [{"size": "extralarge", "#text": None}, 7]},
        {"mbid": None, "url": 7},
        {"date": {"uts": NOW - 60}},
        {"date": {"uts": float(NOW - 60)}},
        {"@attr": 7},
    ],
)
def test_odd_decoration_costs_no_scrobble(odd: dict[str, Any]) -> None:
    fetched = lastfm({"track": [scrobble(**odd)]})

    assert [play.listened_at for play in fetched.plays] == [NOW - 60]
    assert fetched.skipped == 0


def test_what_is_odd_in_a_listens_additions_is_left_out_by_itself() -> None:
    added = {"duration_ms": 215_000, "isrc": ["QMABC2600001"], "origin_url": 7}

    shown = listenbrainz(listen(additional_info=added)).plays[0].track

    assert shown == Track("m", "One", ("A",), duration=215)


@pytest.mark.parametrize(
    "odd", [{"artist_name": None}, {"release_name": 7}, {"mbid_mapping": None}]
)
def test_odd_decoration_costs_no_listen(odd: dict[str, Any]) -> None:
    fetched = listenbrainz(listen(**odd), listen(float(NOW - 90)))

    assert [play.listened_at for play in fetched.plays] == [NOW - 90, NOW - 60]


@pytest.mark.parametrize(
    ("odd", "artists"),
    [
        ({"artistName": None}, ()),
        ({"artistName": "A", "durationInMillis": 221_000.0}, ("A",)),
        ({"artistName": "A", "albumName": "x" * 2000, "artwork": [], "url": 7}, ("A",)),
    ],
)
def test_odd_decoration_costs_no_play_at_apple_music(
    odd: dict[str, Any], artists: tuple[str, ...]
) -> None:
    """Habit of uploads: some have no artist."""
    known = {"id": "a", "attributes": {"name": "Known", "artistName": "A"}}
    first = crawl(APPLE_MUSIC, body({"data": [known]}))
    fresh = {"id": "b", "attributes": {"name": "One"} | odd}

    second = crawl(APPLE_MUSIC, body({"data": [fresh, known]}), checkpoint=first.checkpoint)

    assert [play.track.artists for play in second.plays] == [artists]


def test_new_songs_of_apple_music_that_cannot_be_read_are_a_gap() -> None:
    """The list is compared by its ids: a play that was passed does not come again."""
    known = {"id": "a", "attributes": {"name": "Known", "artistName": "A"}}
    first = crawl(APPLE_MUSIC, body({"data": [known]}))
    broken = {"id": "b", "attributes": {"name": 7}}

    second = crawl(APPLE_MUSIC, body({"data": [broken, known]}), checkpoint=first.checkpoint)

    last = PageCheckpoint.of(first.checkpoint)
    assert last is not None
    assert second.gap_since == last.at


class BulkImport:
    """Scrobbles of few seconds, newest first in pages of 200; `to` is inclusive."""

    def __init__(self, moments: list[int]) -> None:
        self.moments = sorted(moments, reverse=True)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        query = request.url.params
        since, until, page = (int(query[name]) for name in ("from", "to", "page"))
        found = [
            scrobble(name=f"Song {number}", date={"uts": str(at)})
            for number, at in enumerate(self.moments)
            if since < at <= until
        ]
        shown = found[(page - 1) * 200 : page * 200]
        pages = str(-(-len(found) // 200))
        return body({"recenttracks": {"track": shown, "@attr": {"totalPages": pages}}})

    def crawl_through(self) -> list[Fetched]:
        from topk.providers.http.transport import Transport

        adapter = LASTFM.adapter(Transport(lambda: httpx2.MockTransport(self)))
        crawls: list[Fetched] = []
        checkpoint = ""
        while len(crawls) < 20:
            crawls.append(run(adapter.fetch(GRANT, checkpoint, now=NOW)))
            checkpoint = crawls[-1].checkpoint
            if crawls[-1].resume_after is None:
                return crawls
        raise AssertionError("the reading does not come to an end")


@pytest.mark.parametrize("crowd", [199, 200, 201, 400, 3_000])
def test_scrobbles_of_one_second_hide_no_others(crowd: int) -> None:
    second = NOW - 3 * 86_400
    older = [second - 60 * n for n in range(1, 301)]
    history = BulkImport([second] * crowd + older)

    crawls = history.crawl_through()

    brought = {play for fetched in crawls for play in fetched.plays}
    assert len(brought) == crowd + 300
    assert [fetched.gap_since for fetched in crawls] == [None] * len(crawls)
    assert crawls[-1].crawled_through == NOW


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(odd=st.fixed_dictionaries({}, optional=dict.fromkeys(
    ("artists", "id", "type", "duration_ms", "album", "external_ids", "external_urls"), anything
)))  # fmt: skip
def test_no_decoration_of_any_shape_costs_the_play_or_its_neighbour(odd: dict[str, Any]) -> None:
    fetched = spotify(demo(**odd), demo(id="neighbour"))

    others = [play for play in fetched.plays if play.track.track_id == "neighbour"]
    assert len(others) == 1
    assert len(fetched.plays) == 2 or odd.get("type") == "episode" or odd.get("id") == "neighbour"


@given(item=anything)
def test_an_item_of_any_shape_costs_itself_and_is_counted(item: Any) -> None:
    fetched = spotify(demo(), item)

    assert (len(fetched.plays), fetched.left_out.total) == (1, 1)
