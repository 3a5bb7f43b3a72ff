"""Habits of answers that are not quite as documented: none of them loses a play."""

import asyncio
import json

import pytest
from msgspec import Raw

from simulator.habit import Habit
from simulator.habits import Habits
from simulator.listeners.catalogue import build_catalogue
from simulator.listeners.plays import whole_play
from simulator.listeners.ring import entries_of
from simulator.providers.google.activity import records
from simulator.providers.google.languages import ENGLISH, OTHERS, Language
from simulator.providers.mishaps import Mishaps, at_once
from simulator.providers.spotify.spotify_item import Item
from topk.providers.reading.items import read_items
from topk.providers.spotify.wire import entries
from topk.providers.youtube.wire import read_archive

START = 1_790_035_200
SONGS = build_catalogue(7, 20)


def test_forty_languages_word_a_watched_song_in_their_own_way() -> None:
    assert len({one.sentence for one in (ENGLISH, *OTHERS)}) >= 40
    assert all(one.sentence.count("{}") == 1 for one in OTHERS)


@pytest.mark.parametrize("language", [ENGLISH, *OTHERS], ids=lambda language: language.code)
def test_an_archive_is_read_alike_in_every_language(language: Language) -> None:
    plays = [whole_play("youtube", song, START + 600 * song.index) for song in SONGS]

    def titles(worded: Language) -> list[str]:
        archive = json.dumps(records(plays, SONGS, worded)).encode()
        return [play.track.title for play in read_archive(archive, most_bytes=10**7).items]

    assert titles(language) == titles(ENGLISH)
    assert len(titles(language)) == len(plays)


@pytest.mark.parametrize("also", [{}, {Habit.NO_TRACK: 0.5}], ids=["tracks", "local files"])
def test_odd_fields_at_spotify_cost_no_play(also: dict[Habit, float]) -> None:
    plays = [whole_play("spotify", song, START + 600 * song.index) for song in SONGS]

    def shown(habits: Habits) -> list[str]:
        item = Item("http://x", SONGS, habits, "a")
        return [json.dumps(item.played(one)) for one in entries_of(plays, Habits(also), "a")]

    plain, odd = shown(Habits(also)), shown(Habits({Habit.ODD: 1.0, **also}))
    read = [read_items([Raw(one.encode()) for one in both], entries) for both in (plain, odd)]

    assert plain != odd
    assert [one.skipped.total for one in read] == [0, 0]
    shown_plays = [[one.play() for one in both.items] for both in read]
    assert [one and one._replace(track=one.track._replace(image="")) for one in shown_plays[0]] == [
        one and one._replace(track=one.track._replace(image="")) for one in shown_plays[1]
    ]


@pytest.mark.parametrize(
    ("provider", "status"),
    [
        ("lastfm", 404),
        ("listenbrainz", 404),
        ("partner", 404),
        ("spotify", 403),
        ("apple_music", 403),
    ],
)
def test_a_user_is_sometimes_denied_by_mistake_and_found_again(provider: str, status: int) -> None:
    mishaps = Mishaps(provider, Habits({Habit.NO_USER: 1.0}), lambda: START, at_once)

    async def answers() -> list[int | None]:
        found = [await mishaps.answer("a", (), None) for _ in range(3)]
        return [one.status_code if one else None for one in found]

    assert asyncio.run(answers()) == [status, status, None]
