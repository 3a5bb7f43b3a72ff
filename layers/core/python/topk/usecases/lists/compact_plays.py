"""Compact plays, so that they stay countable after their chunks expire.

Every two weeks, on the owner's own day, the chunks since the last time become one for each
provider. The day is a checksum of the owner, so that all days carry the same load. The day's list
has just been built: half of the chunks are already read. A crash or a repeat leaves plays twice at
most, which readers count once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

from topk.domain.crawl.timetable import DAY_SECONDS
from topk.domain.owner import Owner
from topk.domain.play import Brought
from topk.domain.play_log import History
from topk.domain.toplist.window import Window
from topk.usecases.ports import DeletablePlays

EVERY_DAYS = 14
LEAST_SECONDS = (EVERY_DAYS - 1) * DAY_SECONDS
"""Two weeks are shorter where the clocks change or the owner changes the time zone."""
LONGEST_RETENTION_SECONDS = 35 * DAY_SECONDS
"""How far back chunks can be that are not compacted."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What made a list be built: chunks fetched at these `moments`, or `silence`: the expiry of
    the marker, when no further plays came for a while.
    """

    moments: Collection[int] = ()
    silence: bool = False


def compact_plays(
    owner: Owner,
    arrival: Arrival,
    *,
    plays: DeletablePlays,
    history: History,
    read_since: int,
    window: Window,
) -> None:
    """Write the compacted chunks that are due. `history` has the chunks fetched at `read_since` or
    later. Idempotent. Raises StoreError if the table fails.
    """
    log = _Log(owner, plays, history, read_since)
    done = history.compacted_through or plays.compacted_through(owner)
    if late := [moment for moment in arrival.moments if moment < done]:
        _compact_late(log, late)
    through = due(owner, window)
    begin = done or through - LONGEST_RETENTION_SECONDS
    if through - begin < (0 if arrival.silence else LEAST_SECONDS):
        return
    brought = log.between(begin, through)
    if brought:
        plays.compact(owner, brought, through=through)
        # A deletion of a moment ago may not have found them.
        plays.purge(owner, since=through)
    if brought or not arrival.silence:
        plays.note_compacted(owner, through=through)


def due(owner: Owner, window: Window) -> int:
    """The start of the owner's day, today or before (epoch seconds)."""
    back = (window.as_of.toordinal() - crc32(owner.key.encode())) % EVERY_DAYS
    return Window.ending(window.as_of - timedelta(days=back), window.time_zone).end


@dataclass(frozen=True, slots=True)
class _Log:
    """An owner's chunks, those before `read_since` read when they are needed."""

    owner: Owner
    plays: DeletablePlays
    history: History
    read_since: int

    def between(self, begin: int, end: int) -> list[Brought]:
        found = [one for one in self.history.brought if begin <= one[0] < end]
        if begin < self.read_since:
            until = min(end, self.read_since)
            found += self.plays.since(self.owner, begin, until=until)
        return found


def _compact_late(log: _Log, late: Sequence[int]) -> None:
    """Chunks of plays that arrived after the others of their days were compacted."""
    end = max(late) + 1
    known = set(late)
    brought = [one for one in log.between(min(late), end) if one[0] in known]
    log.plays.compact(log.owner, brought, through=end)
