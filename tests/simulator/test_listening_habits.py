"""What listeners do with songs, and what their accounts show of it."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from simulator.habit import Habit
from simulator.habits import Habits
from simulator.listeners.catalogue import build_catalogue
from simulator.listeners.listening import DAY, listen
from simulator.listeners.plays import Play
from simulator.listeners.population import PROVIDERS, Listener, build_population
from simulator.listeners.ring import entries_of
from simulator.listeners.truth import expected_list, numbers, window
from simulator.listeners.visible import scrobbled, scrobbled_again
from topk.domain.toplist.window import Window

START = 1_790_035_200
SONGS = build_catalogue(7, 400)
LISTENERS = build_population(7, 40, PROVIDERS)
END = START + 9 * DAY
_FAR = 1e12


def plays_of(listener: Listener, **rates: float) -> list[Play]:
    return listen(7, listener, SONGS, START, 10, habits(**rates))


def habits(**rates: float) -> Habits:
    return Habits({Habit[name.upper()]: rate for name, rate in rates.items()}, seed=7)


def having(*providers: str) -> list[Listener]:
    return [one for one in LISTENERS if {*providers} <= {*one.accounts}]


def counted(listener: Listener, plays: Sequence[Play], made: Habits) -> dict[int, int]:
    """The counts of a service that polls every account every six hours."""
    polls = {provider: range(START, END, DAY // 4) for provider in listener.accounts}
    as_of = Window.current(END).as_of
    found = expected_list(plays, polls, as_of, "UTC", made, listener.accounts)
    return {song.song: song.count for song in found}


def test_the_habits_change_nothing_of_other_plays() -> None:
    listener = having("spotify")[0]
    plain = plays_of(listener)
    assert plays_of(listener, pause=0.0) == plain
    assert len(plays_of(listener, pause=1.0)) > 0.8 * len(plain)


def test_a_paused_play_lasts_longer_than_it_is_played() -> None:
    for listener in having("spotify"):
        plays = plays_of(listener, pause=0.5)
        for play in plays:
            assert play.played_ms <= play.song_ms
            assert play.ended_ms == (play.started_at + play.paused) * 1000 + play.played_ms
        assert all(
            one.ended_ms <= other.started_at * 1000 for one, other in pairwise(sorted(plays))
        )
        assert any(play.paused for play in plays) or len(plays) < 10
        entries = {one.stamp_ms for one in entries_of(plays)}
        assert entries == {
            play.ended_ms for play in plays if play.provider == "spotify" and play.counts
        }


@pytest.mark.parametrize(
    ("habit", "counts", "least", "most"),
    [("skip", True, 30_000, 400_000), ("early_skip", False, 0, 30_000)],
)
def test_skips_of_at_least_30_seconds_are_plays(
    habit: str, *, counts: bool, least: int, most: int
) -> None:
    plays = plays_of(having("spotify")[0], **{habit: 1.0})
    assert {one.counts for one in plays if one.provider == "spotify"} <= {counts, False}
    played = [one.played_ms for one in plays if one.provider == "spotify" and one.counts == counts]
    assert played
    assert least <= min(played)
    assert max(played) < most


def test_scrobblers_have_what_was_played_to_half() -> None:
    listener = next(one for one in LISTENERS if "lastfm" in one.scrobbles)
    plays = plays_of(listener, skip=1.0)
    shown = set(scrobbled(plays, "lastfm", _FAR))
    skipped = [play for play in plays if play.counts and play.provider == "spotify"]
    assert {play in shown for play in skipped} == {True, False}
    for play in skipped:
        assert (play in shown) == (play.played_ms >= min(play.song_ms / 2, 240_000))


def test_a_repeated_song_follows_itself() -> None:
    plays = plays_of(max(having("spotify"), key=lambda one: one.per_day), repeat=0.5)
    same = sum(one.song == other.song for one, other in pairwise(plays))
    assert same > len(plays) / 4


def test_a_resumed_scrobble_and_a_second_scrobbler_add_scrobbles_only() -> None:
    listener = having("lastfm")[0]
    made = habits(pause=1.0, resumed=1.0, second_scrobbler=1.0)
    plays = scrobbled(listen(7, listener, SONGS, START, 10, made), "lastfm", _FAR)
    again = scrobbled_again(plays, "lastfm", made, listener.accounts["lastfm"])
    assert len(again) == len(plays) + sum(play.paused > 0 for play in plays)
    assert scrobbled_again(plays, "partner", made, "a") == []
    late = {play.started_at for play in again}
    assert all(
        any(play.started_at < at <= play.ended_ms // 1000 + 75 for at in late) for play in plays
    )


def test_an_account_at_apple_music_is_scrobbled_as_a_whole() -> None:
    listener = having("apple_music", "lastfm")[0]
    plays = plays_of(listener, apple_scrobbled=1.0)
    at_apple = {play for play in plays if play.provider == "apple_music"}
    assert at_apple
    assert at_apple <= set(scrobbled(plays, "lastfm", _FAR))


def test_a_song_may_be_played_at_two_accounts_within_an_hour() -> None:
    soon = 0
    for listener in LISTENERS:
        last: dict[int, Play] = {}
        for play in plays_of(listener, change=1.0):
            before = last.get(play.song)
            if before and before.provider != play.provider:
                soon += play.started_at - before.ended_ms // 1000 < 3600
            last[play.song] = play
    assert soon > 20


def test_an_import_is_of_one_second() -> None:
    listener = having("lastfm")[0]
    extra = set(plays_of(listener, **{"import": 1.0})) - set(plays_of(listener))
    assert 200 <= len(extra) <= 260
    assert len({play.started_at for play in extra}) == 1
    assert len({play.song for play in extra}) == len(extra)
    assert window(Window.current(START + 8 * DAY).as_of, "UTC")[0] < extra.pop().started_at


@pytest.mark.parametrize(
    "rates",
    [
        {"pause": 0.3},
        {"skip": 0.3},
        {"early_skip": 0.3},
        {"repeat": 0.3},
        {"second_scrobbler": 1.0},
        {"import": 1.0},
        {"change": 1.0},
        {"pause": 0.3, "skip": 0.3, "repeat": 0.2, "second_scrobbler": 1.0},
    ],
    ids=lambda rates: ",".join(rates),
)
def test_the_truth_knows_nearly_every_play(rates: dict[str, float]) -> None:
    """Of listeners who are online, and whose histories are not cut."""
    known = obtainable = 0
    made = habits(**rates)
    for listener in LISTENERS[:12]:
        if "apple_music" in listener.accounts:
            continue
        plays = listen(7, listener, SONGS, START, 10, made)
        polls = {provider: range(START, END, DAY // 4) for provider in listener.accounts}
        as_of = Window.current(END).as_of
        found = numbers(plays, polls, as_of, "UTC", made, listener.accounts)
        known += sum(counted(listener, plays, made).values())
        obtainable += found.plays_obtainable
    assert obtainable > 300
    assert 0.99 * obtainable <= known <= 1.01 * obtainable
