"""Entries of histories that no client can read. They are no plays and cost nothing but themselves.

An entry is shown as a play of no song, at a second of its own.
"""

from collections.abc import Iterable, Iterator

from simulator.habit import Habit
from simulator.habits import Habits
from simulator.listeners.plays import Play

NO_SONG = -1
HALF_AN_EMOJI = "\ue000"
"""Stands for half of a surrogate pair, which JSON can name and UTF-8 cannot."""
_MORE_THAN_A_PAGE = 620


def unreadable(plays: Iterable[Play], habits: Habits, account: str) -> Iterator[Play]:
    """The entries beside `plays`: single ones, and more than a page in succession."""
    for play in plays:
        subject = account, play.started_at
        if habits.strikes(Habit.HALF_EMOJI, *subject):
            yield _after(play, 1)
        if habits.strikes(Habit.UNREADABLE, *subject):
            yield from (_after(play, seconds) for seconds in range(2, 2 + _MORE_THAN_A_PAGE))


def halved(json: bytes) -> bytes:
    """The JSON with the escape of half a surrogate pair in place of what stands for it."""
    return json.replace(HALF_AN_EMOJI.encode(), rb"\ud83d")


def broken_name(play: Play) -> str | None:
    """The name in an unreadable entry."""
    return None if play.started_at % 2 else f"Half {HALF_AN_EMOJI}"


def _after(play: Play, seconds: int) -> Play:
    return play._replace(song=NO_SONG, started_at=play.started_at + seconds)
