"""Queue every crawl whose slot has started."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.timetable import Grid, Shard
from topk.domain.errors import ConflictError, StoreError
from topk.domain.owner import Owner
from topk.usecases.ports import CrawlQueues, DueTimetable

LEASE_SECONDS = 50
"""Less than a minute, so that the next tick takes over the shards of one that crashed."""
_AT_ONCE = 1000
_ROWS_A_TURN = 4000
"""A shard that is far behind is walked so many rows at a time, in turn with the others."""


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The number of queued jobs, how late the tick began, and the first failure of a shard.

    `behind` is in seconds, beyond one slot, of the shard that was furthest behind.
    """

    jobs: int
    behind: int
    error: StoreError | None


@dataclass(frozen=True, slots=True)
class DispatchPorts:
    grid: Grid
    timetable: DueTimetable
    queues: CrawlQueues
    clock: Callable[[], float]
    """Measures the leases, in epoch seconds."""


def dispatch_due(
    now: int,
    ports: DispatchPorts,
    *,
    time_left: Callable[[], bool],
    new_correlation: Callable[[], str],
    holder: str,
) -> Dispatched:
    """Queue the crawls of all slots since each shard's watermark.

    The shard that is furthest behind goes first. `holder` leases a shard while walking it, so that
    overlapping ticks share the shards. The watermark
    moves after a slot's crawls are queued: the next tick catches up on a missed slot and repeats
    an interrupted one. Stops between two slots when `time_left` says so. The failure of a shard
    does not stop the others.
    """
    tick = _Tick(now, ports, time_left, new_correlation, holder)
    grid, timetable = ports.grid, ports.timetable
    shards = timetable.shards(grid.shards)
    behind = max(now - tick.start(shard.through) - tick.width for shard in shards)
    while (unfinished := tick.walk(shards)) and time_left():
        shards = [one for one in timetable.shards(grid.shards) if one.number in unfinished]
    return Dispatched(tick.jobs, max(behind, 0), tick.error)


@dataclass(slots=True)
class _Tick:
    now: int
    ports: DispatchPorts
    time_left: Callable[[], bool]
    new_correlation: Callable[[], str]
    holder: str
    jobs: int = 0
    error: StoreError | None = None

    @property
    def width(self) -> int:
        """Seconds of a slot."""
        return self.ports.grid.slot_minutes * 60

    @property
    def timetable(self) -> DueTimetable:
        return self.ports.timetable

    def start(self, through: int | None) -> int:
        return self.now - self.width if through is None else through

    def walk(self, shards: Sequence[Shard]) -> set[int]:
        """Walks a turn of each shard that is behind and not leased; returns the unfinished ones."""
        unfinished = set()
        for shard in self._in_order(shards):
            if not self.time_left():
                break
            try:
                if not self._walk(shard.number):
                    unfinished.add(shard.number)
            except StoreError as failure:
                self.error = self.error or failure
        return unfinished

    def _in_order(self, shards: Sequence[Shard]) -> list[Shard]:
        """The oldest watermark first; of equally old shards, each tick begins with another."""
        turn, moment = self.now // self.width, self.ports.clock()
        return sorted(
            (
                shard
                for shard in shards
                if shard.leased_until <= moment and next(self._slots(shard.through), None)
            ),
            key=lambda shard: (self.start(shard.through), (shard.number - turn) % len(shards)),
        )

    def _slots(self, through: int | None) -> Iterator[tuple[int, int]]:
        return self.ports.grid.slots_between(self.start(through), self.now)

    def _walk(self, shard: int) -> bool:
        """Queues the next slots of a shard. Returns False if it has others that are due.

        A shard that another tick leases, or takes over after a lease has ended, is that tick's.
        """
        try:
            moment = int(self.ports.clock())
            through = self.timetable.lease(shard, self.holder, now=moment, until=self._until())
        except ConflictError:
            return True
        done: int | None = None
        rows = queued = 0
        try:
            for day, minute in self._slots(through):
                if rows >= _ROWS_A_TURN or not self.time_left():
                    return False
                if queued and done is not None:
                    self.timetable.advance(shard, self.holder, through=done, until=self._until())
                    done = None
                queued = self._queue(day, minute, shard)
                done = day * 86_400 + minute * 60
                rows += queued
        except ConflictError:
            done = None
        finally:
            with suppress(ConflictError):
                self.timetable.release(shard, self.holder, through=done)
        return True

    def _until(self) -> int:
        return int(self.ports.clock()) + LEASE_SECONDS

    def _queue(self, day: int, minute: int, shard: int) -> int:
        """Queues the crawls of one slot; returns their number."""
        queued = 0
        jobs = self._due(day, minute, shard)
        while batch := list(islice(jobs, _AT_ONCE)):
            self.ports.queues.send(batch)
            queued += len(batch)
        self.jobs += queued
        return queued

    def _due(self, day: int, minute: int, shard: int) -> Iterator[CrawlJob]:
        slot = day * 86_400 + minute * 60
        for entry in self.timetable.in_slot(minute, shard):
            if entry.due_on(day):
                owner = Owner.parse(entry.owner_key)
                correlation = self.new_correlation()
                yield CrawlJob(owner, entry.provider, self.now, "due", correlation, slot=slot)
