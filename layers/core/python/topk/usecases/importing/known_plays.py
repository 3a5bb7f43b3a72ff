"""Which plays of a history are stored already."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from topk.domain.chunk import Chunk
from topk.domain.play import Play, Precision

_DAY = 86_400


@dataclass(slots=True)
class KnownPlays:
    """The plays that are stored within the window, as digests: eight bytes each.

    A play is known if the same source reported it with the same stamp and title. Plays of which the
    day alone is known are compared by day and song with those of all sources: nothing else would
    pair them.
    """

    _plays: set[bytes] = field(default_factory=set)
    _days: set[bytes] = field(default_factory=set)
    _timed_days: set[bytes] = field(default_factory=set)

    @classmethod
    def of(cls, chunks: Iterable[Chunk]) -> "KnownPlays":
        known = cls()
        for chunk in chunks:
            for play in chunk.plays:
                known.add(play)
        return known

    def add(self, play: Play) -> None:
        self._plays.add(_digest(play))
        days = self._days if play.precision is Precision.DAY else self._timed_days
        days.add(_of_day(play))

    def has(self, play: Play) -> bool:
        if _digest(play) in self._plays:
            return True
        others = self._timed_days if play.precision is Precision.DAY else self._days
        return bool(others) and _of_day(play) in others


def _digest(play: Play) -> bytes:
    told = f"{play.provider}\n{play.listened_at}\n{play.track.title}"
    return blake2b(told.encode(), digest_size=8).digest()


def _of_day(play: Play) -> bytes:
    track = play.track
    artist = track.artists[0] if track.artists else ""
    told = f"{play.listened_at // _DAY}\n{track.title}\n{artist}".casefold()
    return blake2b(told.encode(), digest_size=8).digest()
