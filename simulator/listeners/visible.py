"""What Apple, Google and scrobblers show of a listener's plays at a moment.

The one subject of truth and answers. All functions are pure and take all plays of the listener,
ordered by start; moments are in epoch seconds. The habits are those of the providers'
documentation.
"""

from collections.abc import Sequence
from math import nextafter

from simulator.habit import Habit
from simulator.habits import USUALLY, Habits
from simulator.listeners.plays import Play

DEPTH = 60
"""Apple's list of recently played tracks is at least so long."""
STALE_SECONDS = 12 * 3600
"""How old Apple's list can be."""
CACHE_SECONDS = 600
"""An answer is stale, or not, for so long."""
CACHED_SECONDS = 1800
"""How old a scrobbler's answer is that comes from a cache."""


def recent_songs(
    plays: Sequence[Play],
    now: float,
    habits: Habits = USUALLY,
    account: str = "",
    depth: int = DEPTH,
) -> list[int]:
    """Apple's list, newest first: each song once, where it was heard last.

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
    """The moment whose list Apple shows at `now`.

    A stale list is that from just before a song was heard for the first time, so that whoever has
    seen that song on a list can tell that this one is older.
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
    """The listening history at a scrobbler, or at a partner, by the start of the plays.

    It is all there, since ever; plays at Spotify are among it where they are scrobbled.
    """
    return [
        play
        for play in plays
        if play.known_at <= known_by
        and (play.provider == provider or provider in play.scrobbled_to)
        and play.counts
    ]


def history_as_of(now: float, habits: Habits, account: str) -> float:
    """The moment whose history a scrobbler shows at `now`: an answer may come from a cache."""
    cached = habits.strikes(Habit.CACHE, account, int(now // CACHE_SECONDS))
    return now - CACHED_SECONDS if cached else now
