"""One listening of one track, as a provider reported it.

Tuples with names: a list is made of hundreds of plays, and those are made and compared fastest.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple


class Precision(IntEnum):
    """What `listened_at` stands for. The numbers are stored; never renumber."""

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
    """A song as one provider describes it. `duration` is in seconds, 0 where unknown."""

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
        """Epoch seconds of the start, as well as it is known."""
        if self.precision is _END:
            return self.listened_at - self.track.duration
        return self.listened_at


Started = tuple[int, Play]
"""A play beside the epoch seconds of its start, which is asked for again and again."""
Brought = tuple[int, tuple[Play, ...]]
"""The epoch seconds of a crawl, and plays that it brought."""


def plays_of(brought: Iterable[Brought]) -> Iterator[Play]:
    """All that several crawls brought."""
    return (play for _, plays in brought for play in plays)


def in_order(plays: Iterable[Play]) -> list[Started]:
    """By their starts; the order is total."""
    return sorted([(play.started_at, play) for play in plays])


def between(ordered: Sequence[Started], earliest: float, latest: float) -> Sequence[Started]:
    """Those of `ordered` that begin at or after `earliest` and before `latest`."""
    if ordered and earliest <= ordered[0][0] and ordered[-1][0] < latest:
        return ordered
    return ordered[bisect_left(ordered, (earliest,)) : bisect_left(ordered, (latest,))]
