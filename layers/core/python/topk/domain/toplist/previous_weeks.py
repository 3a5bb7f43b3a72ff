"""Rankings of previous calendar weeks, and a song's movement against them.

The previous week is the last one, Monday to Sunday, that ended before the window started. It is the
same for seven days of lists, and ranked once for all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from topk.domain.toplist.ranking import RankedSong

WEEKS = 4
"""Number of rankings, including the current one, within the retention of plays."""

PREFIX = 6
Place = tuple[str, ...]
"""A song of an earlier ranking: the first characters (30 bits) of each of its ids."""


class Direction(StrEnum):
    NEW = "new"
    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Movement:
    """Movement against the previous week; `places` is 0 if new or unchanged."""

    direction: Direction
    places: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """The songs of the week before, in the order of their ranks.

    `firsts` are the first songs of the weeks before that one, the latest first, as far as they
    are the same song; None where nobody had a reason to look. `made_of` is a checksum of the plays
    that came late for them: it tells whether to look again, and nothing of the past itself. `turn`
    is the past that the lists of the next week begin with, ranked on the Monday before; None where
    no list was made on that day.
    """

    places: tuple[Place, ...] = ()
    firsts: tuple[Place, ...] | None = None
    made_of: int = field(default=0, compare=False)
    turn: "Past | None" = field(default=None, compare=False)

    def movement(self, song: RankedSong, rank: int) -> Movement:
        """The movement of `song`, now at `rank` (from 1)."""
        mine = frozenset(place(song.ids))
        for before, known in enumerate(self.places, start=1):
            if not mine.isdisjoint(known):
                return _moved(before - rank)
        return Movement(Direction.NEW)

    def weeks_at_top(self, song: RankedSong, rank: int) -> int:
        """Consecutive weeks, including this one, that `song` has been first; at most WEEKS."""
        if rank != 1:
            return 0
        weeks = 1
        for first in (*self.places[:1], *(self.firsts or ())):
            if not _same(first, place(song.ids)):
                break
            weeks += 1
        return weeks


def place(ids: Iterable[str]) -> Place:
    return tuple([one[:PREFIX] for one in ids])


def leads(places: tuple[Place, ...], song: Place) -> bool:
    """Whether `song` is the first of `places`."""
    return bool(places) and _same(places[0], song)


def _same(one: Place, other: Place) -> bool:
    return not frozenset(one).isdisjoint(other)


def _moved(by: int) -> Movement:
    if by == 0:
        return Movement(Direction.SAME)
    return Movement(Direction.UP if by > 0 else Direction.DOWN, abs(by))
