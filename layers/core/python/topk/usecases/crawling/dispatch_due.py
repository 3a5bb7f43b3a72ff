"""Queue the crawls whose slot has started.

Those that the provider's budget is too small for are left out (load_shedding.py). The first tick of
a day sets each app's price from the rows that were walked the day before, which costs one read for
each app and tick, and one write for each app and day.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.load_shedding import (
    Census,
    CrawlClass,
    Plan,
    crawls_a_day,
    price_of,
    rows_of_day,
)
from topk.domain.crawl.timetable import DAY_MINUTES, DAY_SECONDS, Entry, Grid, Shard
from topk.domain.errors import ConflictError, StoreError
from topk.domain.owner import Owner
from topk.usecases.crawling.apps import AppOf, shared
from topk.usecases.crawling.provider_gate import BudgetOf
from topk.usecases.ports import CrawlQueues, DueTimetable, Plans

LEASE_SECONDS = 50
"""Less than a minute, so that the next tick takes over the shards of one that crashed."""
_AT_ONCE = 1000
_ROWS_A_TURN = 4000
"""A shard that is far behind is walked so many rows at a time, in turn with the others."""


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The number of queued jobs, how late the tick began, and the first failure of a shard.

    `behind` is in seconds, beyond one slot, of the shard that was furthest behind. `left_out`
    counts the crawls for which a budget is too small.
    """

    jobs: int
    behind: int
    error: StoreError | None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class DispatchPorts:
    """Without `plans` and `budget_of`, every crawl is queued."""

    grid: Grid
    timetable: DueTimetable
    queues: CrawlQueues
    clock: Callable[[], float]
    """Measures the leases, in epoch seconds."""
    plans: Plans | None = None
    budget_of: BudgetOf | None = None
    app_of: AppOf = shared


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
    grid, timetable = ports.grid, ports.timetable
    shards = timetable.shards(grid.shards)
    prices = _prices(now, shards, ports)
    tick = _Tick(now, ports, time_left, new_correlation, holder, prices)
    behind = max(now - tick.start(shard.through) - tick.width for shard in shards)
    while (unfinished := tick.walk(shards)) and time_left():
        shards = [one for one in timetable.shards(grid.shards) if one.number in unfinished]
    return Dispatched(tick.jobs, max(behind, 0), tick.error, tick.left_out)


def _prices(now: int, shards: Sequence[Shard], ports: DispatchPorts) -> Mapping[str, float]:
    """The price of each app. If it cannot be read, nothing is left out."""
    plans, budget_of = ports.plans, ports.budget_of
    if plans is None or budget_of is None:
        return {}
    today = now // DAY_SECONDS
    slots = DAY_MINUTES // ports.grid.slot_minutes
    counts = rows_of_day((one.census for one in shards), slots)
    apps = {app for one in shards for app in one.census.counts}
    found: dict[str, float] = {}
    with suppress(StoreError):
        for app, plan in plans.plans(sorted(apps)).items():
            found[app] = plan.price
            if plan.day < today and app in counts:
                crawls = crawls_a_day(budget_of(app), plan.unscheduled)
                found[app] = price_of(counts[app], crawls)
                with suppress(ConflictError):
                    plans.set_plan(app, Plan(today, found[app], plan.asked), replacing=plan.day)
    return found


@dataclass(slots=True)
class _Tick:
    now: int
    ports: DispatchPorts
    time_left: Callable[[], bool]
    new_correlation: Callable[[], str]
    holder: str
    prices: Mapping[str, float]
    jobs: int = 0
    left_out: int = 0
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
            leased = self.timetable.lease(shard, self.holder, now=moment, until=self._until())
        except ConflictError:
            return True
        done: int | None = None
        rows = walked = 0
        census = leased.census
        try:
            for day, minute in self._slots(leased.through):
                if rows >= _ROWS_A_TURN or not self.time_left():
                    return False
                if walked and done is not None:
                    until = self._until()
                    self.timetable.advance(
                        shard, self.holder, through=done, until=until, census=census
                    )
                    done = None
                walked = self._queue(day, minute, shard, census)
                done = day * DAY_SECONDS + minute * 60
                rows += walked
        except ConflictError:
            done = None
        finally:
            with suppress(ConflictError):
                self.timetable.release(shard, self.holder, through=done, census=census)
        return True

    def _until(self) -> int:
        return int(self.ports.clock()) + LEASE_SECONDS

    def _queue(self, day: int, minute: int, shard: int, census: Census) -> int:
        """Queues the crawls of one slot; returns the number of its rows."""
        walked: Counter[tuple[str, CrawlClass]] = Counter()
        jobs = self._due(day, minute, shard, walked)
        queued = 0
        while batch := list(islice(jobs, _AT_ONCE)):
            self.ports.queues.send(batch)
            queued += len(batch)
        census.add_slot(day, walked)
        self.jobs += queued
        self.left_out += walked.total() - queued
        return walked.total()

    def _due(
        self, day: int, minute: int, shard: int, walked: Counter[tuple[str, CrawlClass]]
    ) -> Iterator[CrawlJob]:
        slot = day * DAY_SECONDS + minute * 60
        for entry in self.timetable.in_slot(minute, shard):
            owner = Owner.parse(entry.owner_key)
            app = self.ports.app_of(owner.tenant, entry.provider)
            walked[app, entry.cadence.crawl_class] += 1
            if self._is_kept(entry, app, day):
                correlation = self.new_correlation()
                yield CrawlJob(owner, entry.provider, self.now, "due", correlation, slot=slot)

    def _is_kept(self, entry: Entry, app: str, day: int) -> bool:
        price = self.prices.get(app, 0.0)
        return price <= 0 or entry.is_kept(day, price)
