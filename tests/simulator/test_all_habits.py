"""With all habits of providers at once, simple polling finds exactly the obtainable plays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from simulator.app import build_world
from simulator.clock import Clock
from simulator.habit import LISTENING, Habit
from simulator.habits import Habits
from simulator.listeners.catalogue import Song, other_track_id
from simulator.listeners.dice import Dice
from simulator.listeners.population import PROVIDERS, Listener
from simulator.listeners.spelling import lastfm_path, partner_id, spotify_artists, spotify_title
from simulator.listeners.truth import expected_list, numbers, window
from simulator.world import World
from tests.simulator.conftest import URL
from tests.simulator.poller import DAY, Poller

REFUSALS = (Habit.TOO_SOON, Habit.LOST_START, Habit.ONE_TIME)
"""Refusals of exports, which a client has to wait for."""
MIDNIGHT = 1_790_035_200
DAYS = 9


def names(songs: tuple[Song, ...]) -> dict[tuple[str, str], str]:
    """What each provider calls a song, and one key for all of them."""
    found: dict[tuple[str, str], str] = {}
    for song in songs:
        called = {
            "apple_music": [song.apple_id],
            "youtube": [song.video_id],
            "lastfm": [lastfm_path(song)],
            "listenbrainz": [song.spotify_ids[0]],
            "partner": [partner_id(song)],
            "spotify": [
                *song.spotify_ids,
                other_track_id(song),
                *(
                    f"{spotify_artists(song)[0]}/{spotify_title(song, one)}"
                    for one in song.spotify_ids
                ),
            ],
        }
        for provider, words in called.items():
            found |= dict.fromkeys(((provider, word) for word in words), song.isrc)
    return found


def moments(listener: Listener, provider: str, seed: int) -> list[int]:
    """Polls at any time of the day: about one a day, more often at Spotify; exports a day apart."""
    dice = Dice(seed, "polls", listener.tenant, listener.user, provider)
    if provider == "youtube":
        first = MIDNIGHT + dice.whole(0, DAY - 1)
        return [first + day * DAY for day in range(DAYS)]
    times = 3 if provider == "spotify" else 1
    return sorted(
        MIDNIGHT + day * DAY + dice.whole(0, DAY - 1) for day in range(DAYS) for _ in range(times)
    )


@pytest.mark.parametrize(
    ("habits", "seed"),
    [
        ("all", 7),
        ("all", 11),
        ("all,5=0.5,6=0.5,7=0.3,8=0.1,9=0.3,future=0.2,18=0.5,19=0.4,24=0.5", 3),
        ("none", 5),
    ],
)
def test_polling_returns_exactly_the_obtainable_plays(
    habits: str, seed: int, tmp_path: Path
) -> None:
    clock = Clock(tmp_path / "clock.json")
    clock.set(MIDNIGHT, running=False)
    application = build_world(
        6,
        seed,
        clock,
        400,
        providers=PROVIDERS,
        heavy=0.1,
        habits=Habits.parse(habits).without(*LISTENING, *REFUSALS),
    )
    world: World = application.state.world
    known = names(world.songs)
    as_of = date.fromtimestamp(MIDNIGHT) + timedelta(days=DAYS)  # noqa: DTZ012
    with TestClient(application, base_url=URL, follow_redirects=False) as browser:
        for listener in world.listeners:
            poller = Poller(browser, clock, lambda *name: known.get(name))
            due = [
                (moment, provider)
                for provider in listener.accounts
                for moment in moments(listener, provider, seed)
            ]
            for moment, provider in sorted(due):
                poller.poll(provider, listener.accounts[provider], moment)
            question = (
                world.histories.of(listener),
                poller.polls,
                as_of,
                listener.time_zone,
                world.habits,
                listener.accounts,
            )
            expected = {world.songs[one.song].isrc: one.count for one in expected_list(*question)}
            assert poller.told.counted(*window(as_of, listener.time_zone)) == expected, listener
            assert numbers(*question).plays_obtainable == sum(expected.values())
