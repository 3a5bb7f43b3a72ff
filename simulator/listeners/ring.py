"""Spotify's recently-played history: its entries at a given time.

Shared by the truth and the provider's answers. Pure functions; times are epoch seconds.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import Enum
from heapq import nlargest
from itertools import pairwise
from math import inf
from typing import NamedTuple

from simulator.habit import Habit
from simulator.habits import USUALLY, Habits
from simulator.listeners.plays import Play, wrong

RING = 50
"""Most entries of the history."""
_FUTURE_SECONDS = 6 * 3600
_LATE_HOURS = (2, 40)
_ALONE = 3600
_ROUNDING = 5
_QUARTER = 900


class Kind(Enum):
    """How an entry reports its play. The last three are no plays."""

    PLAY = "play"
    AGAIN = "again"
    LOCAL = "local"
    GONE = "gone"
    BROKEN = "broken"
    FUTURE = "future"

    @property
    def is_play(self) -> bool:
        return self not in {Kind.GONE, Kind.BROKEN, Kind.FUTURE}


class Entry(NamedTuple):
    """An entry with the timestamp `stamp_ms`, visible from `known_at` until `until`."""

    stamp_ms: int
    play: Play
    kind: Kind
    known_at: float
    until: float = inf


def newest(entries: Sequence[Entry], now: float, habits: Habits = USUALLY) -> list[Entry]:
    """The history at `now`, newest timestamp first."""
    shown = [entry for entry in entries if entry.known_at <= now < entry.until]
    length = RING if habits.has(Habit.RING) else len(shown)
    return nlargest(length, shown, key=lambda entry: (entry.stamp_ms, entry.play.song))


def entries_of(plays: Sequence[Play], habits: Habits = USUALLY, account: str = "") -> list[Entry]:
    """All past and future entries. Skipped and omitted plays have none."""
    alone = _alone(plays) if habits.has(Habit.START_STAMP) else set()
    return [
        entry
        for play in plays
        if play.provider == "spotify" and play.counts
        if not habits.strikes(Habit.OMISSION, account, play.started_at)
        for entry in _entries(play, habits, account, alone=play in alone)
    ]


def stamped_with_start(plays: Sequence[Play], habits: Habits, account: str) -> set[Play]:
    """The plays whose timestamp is their start instead of their end."""
    if not habits.has(Habit.START_STAMP):
        return set()
    return {play for play in _alone(plays) if _starts(play, habits, account)}


def _entries(play: Play, habits: Habits, account: str, *, alone: bool) -> Iterator[Entry]:
    def struck(habit: Habit) -> bool:
        return habits.strikes(habit, account, play.started_at)

    stamp = play.ended_ms
    if alone and _starts(play, habits, account):
        stamp = play.started_at * 1000
    known_at = play.known_at
    dice = habits.dice(Habit.LATE, account, play.started_at) if struck(Habit.LATE) else None
    if dice:
        known_at += dice.between(*_LATE_HOURS) * 3600
    without_track = struck(Habit.NO_TRACK)
    local = without_track and habits.dice(Habit.NO_TRACK, account, play.started_at).chance(0.5)
    yield Entry(stamp, play, Kind.LOCAL if local else Kind.PLAY, known_at)
    if without_track and not local:
        yield Entry(stamp + 333, play, Kind.GONE, known_at + 1)
    if struck(Habit.HALF_EMOJI):
        yield Entry(stamp + 444, play, Kind.BROKEN, known_at + 1)
    later = 2 + play.started_at % 19
    if struck(Habit.AGAIN) and _same_day(play.started_at, play.started_at + later):
        yield Entry(stamp + later * 1000, play, Kind.AGAIN, known_at + later)
    if struck(Habit.FUTURE):
        yield Entry(wrong(play) * 1000, play, Kind.FUTURE, known_at, known_at + _FUTURE_SECONDS)


def _starts(play: Play, habits: Habits, account: str) -> bool:
    length = (play.ended_ms - play.started_at * 1000) // 1000
    doubtless = _same_day(play.started_at - length, play.started_at)
    return doubtless and habits.strikes(Habit.START_STAMP, account, play.started_at)


def _same_day(first: int, last: int) -> bool:
    """Whether no time zone has a midnight in between; all are at quarter hours of UTC."""
    return (first - _ROUNDING) // _QUARTER == (last + _ROUNDING) // _QUARTER


def _alone(plays: Sequence[Play]) -> set[Play]:
    """The plays at Spotify without another of the same song within an hour before or after.

    Only for them it does not matter whether the timestamp is the start or the end.
    """
    of_song: dict[int, list[Play]] = defaultdict(list)
    for play in sorted(plays, key=lambda play: play.started_at):
        of_song[play.song].append(play)
    crowded = {
        play
        for turns in of_song.values()
        for pair in pairwise(turns)
        if pair[1].started_at - pair[0].started_at < _ALONE
        for play in pair
    }
    return {play for play in plays if play.provider == "spotify" and play not in crowded}
