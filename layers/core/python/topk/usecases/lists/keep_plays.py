"""Keep plays beyond the retention of chunks, in weekly chunks.

A week of chunks becomes one for each provider, on the owner's own day of the week, so that not all
owners are kept on the same day. The day's list has just been built: most of the chunks are already
read. A crash or a repeat leaves plays twice at most, which readers count once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zlib import crc32

from topk.domain.crawl.timetable import DAY_SECONDS
from topk.domain.owner import Owner
from topk.domain.play import Brought
from topk.domain.play_log import History
from topk.domain.toplist.window import DAYS, Window
from topk.usecases.ports import DeletablePlays

LEAST_SECONDS = (DAYS - 1) * DAY_SECONDS
"""A week may be shorter where the owner changed the time zone or the clocks changed."""
LONGEST_RETENTION_SECONDS = 35 * DAY_SECONDS
"""How far back chunks can be that nobody has kept."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What made a list be built: chunks fetched at these `moments`, or `silence`: the expiry of
    the marker, when no further plays came for a while.
    """

    moments: Collection[int] = ()
    silence: bool = False


def keep_plays(
    owner: Owner,
    arrival: Arrival,
    *,
    plays: DeletablePlays,
    history: History,
    read_since: int,
    window: Window,
) -> None:
    """Write the weekly chunks that are due. `history` has the chunks fetched at `read_since` or
    later. Idempotent. Raises StoreError if the table fails.
    """
    log = _Log(owner, plays, history, read_since)
    kept = history.kept_through or plays.kept_through(owner)
    if late := [moment for moment in arrival.moments if moment < kept]:
        _keep_late(log, late)
    through = due(owner, window)
    begin = kept or through - LONGEST_RETENTION_SECONDS
    if through - begin < (0 if arrival.silence else LEAST_SECONDS):
        return
    brought = log.between(begin, through)
    if brought:
        plays.keep(owner, brought, through=through)
        # A deletion of a moment ago may not have found them.
        plays.purge(owner, since=through)
    if brought or not arrival.silence:
        plays.note_kept(owner, through=through)


def due(owner: Owner, window: Window) -> int:
    """The start of the owner's day of the week, today or before (epoch seconds)."""
    back = (window.as_of.weekday() - crc32(owner.key.encode())) % DAYS
    return window.bounds[DAYS - back]


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


def _keep_late(log: _Log, late: Sequence[int]) -> None:
    """Chunks of plays that arrived after the others of their days were kept."""
    end = max(late) + 1
    known = set(late)
    brought = [one for one in log.between(min(late), end) if one[0] in known]
    log.plays.keep(log.owner, brought, through=end)
