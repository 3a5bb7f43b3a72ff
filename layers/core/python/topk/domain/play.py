"""A play: one listening to one track, as a provider reported it.

Plays are named tuples, which are the fastest to create and compare: a list has hundreds.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple


class Precision(IntEnum):
    """What `listened_at` means. The numbers are stored; never renumber."""

    EXACT = 0
    """The start of the play, to the second."""
    END = 1
    """The end of the play; the start is one duration earlier."""
    INFERRED = 2
    """Between two crawls; the order is known, the time is not."""
    DAY = 3
    """The day is known, the time is not."""


_END = Precision.END


class Track(NamedTuple):
    """A track as one provider describes it. `duration` is in seconds, 0 if unknown."""

    track_id: str
    title: str
    artists: tuple[str, ...]
    album: str = ""
    duration: int = 0
    isrc: str = ""
    url: str = ""
    image: str = ""


class Play(NamedTuple):
    """A track listened to at `listened_at` (epoch seconds, as stamped by the provider)."""

    provider: str
    track: Track
    listened_at: int
    precision: Precision = Precision.EXACT

    @property
    def started_at(self) -> int:
        """Start in epoch seconds, as precisely as known."""
        if self.precision is _END:
            return self.listened_at - self.track.duration
        return self.listened_at


Started = tuple[int, Play]
"""A play with its start in epoch seconds, computed once."""
Brought = tuple[int, tuple[Play, ...]]
"""The time of a crawl (epoch seconds), and its plays."""


def plays_of(brought: Iterable[Brought]) -> Iterator[Play]:
    """The plays of several crawls."""
    return (play for _, plays in brought for play in plays)


def in_order(plays: Iterable[Play]) -> list[Started]:
    """Plays by their starts, in a total order."""
    # Computes `started_at` without a call for each play, which would cost more than the sorting.
    return sorted([(play[2] - play[1][4] if play[3] is _END else play[2], play) for play in plays])


def between(ordered: Sequence[Started], earliest: float, latest: float) -> Sequence[Started]:
    """Plays of `ordered` that start at or after `earliest` and before `latest`."""
    if ordered and earliest <= ordered[0][0] and ordered[-1][0] < latest:
        return ordered
    return ordered[bisect_left(ordered, (earliest,)) : bisect_left(ordered, (latest,))]
