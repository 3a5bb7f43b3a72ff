"""Entries that nobody can read cost only themselves, at every provider that shows them."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import Raw
from msgspec.json import Decoder

from simulator.answers import Json
from simulator.habit import Habit
from simulator.habits import Habits
from simulator.listeners.catalogue import build_catalogue
from simulator.listeners.plays import Play, whole_play
from simulator.listeners.ring import entries_of
from simulator.listeners.unreadable import unreadable
from simulator.providers.google.activity import half, records
from simulator.providers.google.activity_archive import packed
from simulator.providers.partner import as_listen
from simulator.providers.scrobblers.lastfm_tracks import recent_tracks
from simulator.providers.scrobblers.listenbrainz_listens import payload
from simulator.providers.spotify.spotify_item import Item
from tests.simulator.developers import unpacked
from topk.providers.lastfm.wire import scrobbles
from topk.providers.listenbrainz.wire import listens
from topk.providers.partner.wire import listens as partner_listens
from topk.providers.reading.items import Read, read_items
from topk.providers.spotify.wire import entries

START = 1_790_035_200
SONGS = build_catalogue(7, 20)
HALF = Habits({Habit.HALF_EMOJI: 1.0})


def plays_of(provider: str) -> list[Play]:
    return [whole_play(provider, song, START + 601 * song.index) for song in SONGS]


def shown(provider: str, plays: Sequence[Play]) -> Sequence[Any]:
    if provider == "lastfm":
        found = [(SONGS[play.song], play) for play in plays]
        extent = {"total": str(len(plays))}
        body = recent_tracks(found, playing=None, base="http://x", extent=extent)
        return body["recenttracks"]["track"]  # type: ignore[no-any-return]
    if provider == "listenbrainz":
        return payload("a", SONGS, plays, plays)["payload"]["listens"]  # type: ignore[no-any-return]
    return [as_listen("http://x", SONGS[play.song], play) for play in plays]


def read(items: Sequence[Any], decoder: Decoder[Any]) -> Read[Any]:
    found = json.loads(bytes(Json(items).body))
    return read_items([Raw(json.dumps(one).encode()) for one in found], decoder)


@pytest.mark.parametrize(
    ("provider", "decoder"),
    [("lastfm", scrobbles), ("listenbrainz", listens), ("partner", partner_listens)],
)
def test_an_entry_with_half_an_emoji_or_no_name_is_skipped(
    provider: str, decoder: Decoder[Any]
) -> None:
    plays = plays_of(provider)
    broken = [*unreadable(plays, HALF, "a")]
    assert len(broken) == len(plays)
    assert read(shown(provider, plays), decoder).skipped.total == 0
    found = read(shown(provider, [*plays, *broken]), decoder)
    assert len(found.items) == found.skipped.total == len(plays)


def test_spotify_shows_an_entry_that_is_no_play() -> None:
    item = Item("http://x", SONGS, HALF, "a")
    history = entries_of(plays_of("spotify"), HALF, "a")
    found = read([item.played(one) for one in history], entries)
    assert len(found.items) == found.skipped.total == len(SONGS)
    assert sum(entry.kind.is_play for entry in history) == len(SONGS)


def test_a_record_of_activity_is_half_an_emoji() -> None:
    made = records(plays_of("youtube")[:1], SONGS)
    archive = packed([half(made[0]), *made])
    titles = [record["title"] for record in unpacked(archive) if "title" in record]
    assert "\ud83d" in titles
    assert len(titles) == len(made) + 1


def test_more_unreadable_entries_than_a_page_follow_a_play() -> None:
    [play, *_] = plays_of("listenbrainz")
    found = [*unreadable([play], Habits({Habit.UNREADABLE: 1.0}), "a")]
    assert len(found) > 500
    assert len({one.started_at for one in found}) == len(found)
