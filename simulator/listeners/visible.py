"""The plays that Apple, Google and scrobblers show at a given time.

Shared by the truth and the providers' answers. All functions are pure and take all plays of the
listener, ordered by start; times are epoch seconds. The habits come from the providers'
documentation.
"""

from collections.abc import Sequence
from math import nextafter

from simulator.habit import Habit
from simulator.habits import USUALLY, Habits
from simulator.listeners.plays import Play
from simulator.listeners.population import SCROBBLERS

DEPTH = 60
"""Smallest length of Apple's list of recently played tracks."""
STALE_SECONDS = 12 * 3600
"""Greatest age of Apple's list."""
CACHE_SECONDS = 600
"""How long an answer stays stale or fresh."""
CACHED_SECONDS = 1800
"""Age of a cached answer of a scrobbler."""


def recent_songs(
    plays: Sequence[Play],
    now: float,
    habits: Habits = USUALLY,
    account: str = "",
    depth: int = DEPTH,
) -> list[int]:
    """Apple's list, newest first: each song once, by its last play.

    A negative number is an entry without attributes, which is no song of the world.
    """
    listed: dict[int, None] = {}
    for play in _in_apples_order(plays, now):
        if play.song not in listed or habits.strikes(Habit.BUMP, account, play.started_at):
            listed.pop(play.song, None)
            listed[play.song] = None
        if habits.strikes(Habit.SHORT_PAGE, account, play.started_at):
            listed[-play.started_at] = None
    return list(reversed(listed))[:depth]


def list_as_of(plays: Sequence[Play], now: float, habits: Habits, account: str) -> float:
    """The time whose list Apple shows at `now`.

    A stale list is from just before the first play of a song, so that a client that has already
    seen that song can tell that the list is older.
    """
    if not habits.strikes(Habit.STALE, account, int(now // CACHE_SECONDS)):
        return now
    heard: set[int] = set()
    for play in _in_apples_order(plays, now):
        if play.song not in heard and play.known_at > now - STALE_SECONDS:
            return nextafter(play.known_at, 0)
        heard.add(play.song)
    return now


def _in_apples_order(plays: Sequence[Play], now: float) -> list[Play]:
    known = (play for play in plays if play.provider == "apple_music" and play.known_at <= now)
    return sorted(known, key=lambda play: (play.known_at, play.started_at))


def watched(plays: Sequence[Play], start: float, end: float, now: float) -> list[Play]:
    """Google's activity records with start <= time < end, newest first, as known by `now`."""
    return [
        play
        for play in reversed(plays)
        if play.provider == "youtube" and start <= play.started_at < end and play.known_at <= now
    ]


def scrobbled(plays: Sequence[Play], provider: str, known_by: float) -> list[Play]:
    """The complete history at a scrobbler or a partner, by the start of the plays.

    It includes plays elsewhere that are scrobbled. A scrobbler has what was played to half.
    """
    return [
        play
        for play in plays
        if play.known_at <= known_by
        and (play.provider == provider or provider in play.scrobbled_to)
        and (play.is_scrobbled if provider in SCROBBLERS else play.counts)
    ]


def scrobbled_again(
    plays: Sequence[Play], provider: str, habits: Habits, account: str
) -> list[Play]:
    """Further scrobbles of the scrobbled `plays`, as plays of the reported start."""
    if provider not in SCROBBLERS:
        return []
    resumed = [
        play._replace(started_at=play.resumed_at)
        for play in plays
        if play.paused and habits.strikes(Habit.RESUMED, account, play.started_at)
    ]
    if not habits.strikes(Habit.SECOND_SCROBBLER, account):
        return resumed
    late = habits.dice(Habit.SECOND_SCROBBLER, account).whole(3, 75)
    return [*resumed, *(play._replace(started_at=play.started_at + late) for play in plays)]


def history_as_of(now: float, habits: Habits, account: str) -> float:
    """The time whose history a scrobbler shows at `now`; answers may be cached."""
    cached = habits.strikes(Habit.CACHE, account, int(now // CACHE_SECONDS))
    return now - CACHED_SECONDS if cached else now
