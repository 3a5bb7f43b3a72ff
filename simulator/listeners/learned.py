"""The plays that polls of a provider at given times can learn.

Independent of what was actually served: what a provider shows at each poll follows from the plays
and from its habits. Pure functions. Polls are the epoch seconds of complete answers, in any order;
for YouTube, those of export requests.
"""

from collections.abc import Iterator, Mapping, Sequence

from simulator.habit import Habit
from simulator.habits import USUALLY, Habits
from simulator.listeners.listening import DAY
from simulator.listeners.plays import Play
from simulator.listeners.ring import entries_of, newest
from simulator.listeners.visible import (
    DEPTH,
    history_as_of,
    list_as_of,
    recent_songs,
    scrobbled,
    watched,
)

REACH_DAYS = 8
"""How far back the first poll of an unlimited history reaches: a window and the current day."""

Placed = dict[Play, float]
"""Plays, each with the time (epoch seconds) that is assigned to it."""


def learned(
    provider: str, plays: Sequence[Play], polls: Sequence[float], habits: Habits, account: str
) -> Placed:
    """The plays that polls of `account` learn, with their start; for Apple the poll before."""
    if not polls:
        return {}
    if provider == "apple_music":
        return placed_by_apple(plays, polls, habits, account)
    if provider == "spotify":
        found = learned_from_spotify(plays, polls, habits, account)
    elif provider == "youtube":
        found = learned_from_youtube(plays, polls)
    else:
        found = learned_from_history(provider, plays, polls, habits, account)
    return {play: play.started_at for play in found}


def learned_from_spotify(
    plays: Sequence[Play], polls: Sequence[float], habits: Habits = USUALLY, account: str = ""
) -> set[Play]:
    """Plays with a readable entry among the newest fifty at some poll."""
    if habits.strikes(Habit.UNREGISTERED, account):
        return set()
    entries = entries_of(plays, habits, account)
    return {
        entry.play
        for moment in polls
        for entry in newest(entries, moment, habits)
        if entry.kind.is_play
    }


def learned_from_youtube(plays: Sequence[Play], polls: Sequence[float]) -> set[Play]:
    return known_by_exports(plays, exports(polls))


def known_by_exports(plays: Sequence[Play], begun: Sequence[float]) -> set[Play]:
    """The plays in the last export, back to where the first one reached."""
    if not begun:
        return set()
    first, last = min(begun), max(begun)
    return set(watched(plays, first - REACH_DAYS * DAY, last, now=last))


def exports(polls: Sequence[float]) -> list[float]:
    """The polls at which an export may begin: the first, then 24 hours after the last one."""
    permitted: list[float] = []
    for moment in sorted(polls):
        if not permitted or moment - permitted[-1] >= DAY:
            permitted.append(moment)
    return permitted


def learned_from_history(
    provider: str, plays: Sequence[Play], polls: Sequence[float], habits: Habits, account: str
) -> set[Play]:
    """The plays in the freshest answer, back to where the first poll reached."""
    if not polls:
        return set()
    freshest = max(history_as_of(moment, habits, account) for moment in polls)
    since = min(polls) - REACH_DAYS * DAY
    return {play for play in scrobbled(plays, provider, freshest) if play.started_at >= since}


def learned_from_apple(
    plays: Sequence[Play], polls: Sequence[float], habits: Habits = USUALLY, account: str = ""
) -> set[Play]:
    return set(placed_by_apple(plays, polls, habits, account))


def placed_by_apple(
    plays: Sequence[Play], polls: Sequence[float], habits: Habits = USUALLY, account: str = ""
) -> Placed:
    """The plays that follow from the difference of successive lists; the first is the baseline.

    A song that moved up was played since the previous list, at least once; its latest play is
    taken. The time is unknown, so the play gets the time of the previous poll. A list that is older
    than the previous one is ignored.
    """
    found: Placed = {}
    readings = _readings(plays, polls, habits, account)
    read_at, since, before = next(readings, (0.0, 0.0, []))
    for moment, until, listed in readings:
        if until < since and listed != before:
            continue
        moved = listed[: moved_up(before, listed)]
        songs = {song for song in moved if song >= 0}
        found |= dict.fromkeys(_latest(plays, songs, since, until), read_at)
        read_at, since, before = moment, max(since, until), listed
    return found


def _readings(
    plays: Sequence[Play], polls: Sequence[float], habits: Habits, account: str
) -> Iterator[tuple[float, float, list[int]]]:
    """For each poll its time, the time of the list that was shown, and that list."""
    for moment in sorted(polls):
        as_of = list_as_of(plays, moment, habits, account)
        yield moment, as_of, recent_songs(plays, as_of, habits, account)


def moved_up(before: Sequence[int], after: Sequence[int], depth: int = DEPTH) -> int:
    """The smallest number of played songs that turns the list `before` into `after`.

    They are the first entries of `after`; the entries below them are those of `before` without
    them, cut to the list's depth.
    """
    for played in range(len(after)):
        leading = set(after[:played])
        rest = [song for song in before if song not in leading]
        if [*after[:played], *rest][:depth] == list(after):
            return played
    return len(after)


def _latest(plays: Sequence[Play], songs: set[int], since: float, until: float) -> list[Play]:
    """The last play of each of the songs between `since` and `until`."""
    latest: Mapping[int, Play] = {
        play.song: play
        for play in sorted(plays)
        if play.provider == "apple_music" and play.song in songs and since < play.known_at <= until
    }
    return list(latest.values())
