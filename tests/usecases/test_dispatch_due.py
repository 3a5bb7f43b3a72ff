"""Dispatch queues each scheduled crawl once for each due time and catches up on missed ticks."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.scheduler import CrashError, Scheduler
from simulator.virtual_time import VirtualClock
from tests.fake_budgets import FakeProviderBudgets
from tests.fakes import ANNA, DAY, NOON, FakeQueues, FakeTimetable
from topk.domain.crawl.budget import EXPRESS_SHARE, Budget
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.load_shedding import RESERVE
from topk.domain.crawl.timetable import DAILY, Cadence, Entry, Grid
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.usecases.crawling.dispatch_due import (
    LEASE_SECONDS,
    Dispatched,
    DispatchPorts,
    dispatch_due,
)

MIDNIGHT = NOON - NOON % DAY


def _tick(
    timetable: FakeTimetable, now: int, grid: Grid, *, queues: FakeQueues, slots: int | None = None
) -> Dispatched:
    """A tick without latency; out of time once it has queued so many slots."""
    return dispatch_due(
        now,
        DispatchPorts(grid, timetable, queues, clock=lambda: now),
        time_left=lambda: slots is None or len({job.slot for job, _ in queues.sent}) < slots,
        new_correlation=lambda: "c-1",
        holder="tick",
    )


@given(
    st.integers(1, 12),
    st.integers(1, 3),
    st.sampled_from([1, 10, 60]),
    st.lists(st.integers(1, DAY // 2), min_size=1, max_size=20),
)
def test_any_spacing_of_ticks_crawls_each_connection_at_its_cadence(
    users: int, per_day: int, slot_minutes: int, steps: list[int]
) -> None:
    grid = Grid(slot_minutes=slot_minutes, shards=3)
    timetable, queues = FakeTimetable(), FakeQueues()
    for number in range(users):
        timetable.add(grid.entries(f"harbor#user-{number}", "spotify", Cadence(per_day)))
    timetable.marks = dict.fromkeys(range(grid.shards), MIDNIGHT - 60 * slot_minutes)
    now = MIDNIGHT
    for step in steps:
        now = min(now + step, MIDNIGHT + DAY - 1)
        _tick(timetable, now, grid, queues=queues)
    _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=queues)
    crawls = Counter(job.owner for job, _ in queues.sent)
    assert crawls == {Owner("harbor", f"user-{n}"): per_day for n in range(users)}


def test_a_job_names_its_slot() -> None:
    grid = Grid(slot_minutes=10)
    timetable, queues = FakeTimetable(), FakeQueues()
    entries = grid.entries(ANNA.key, "spotify", Cadence(3))
    timetable.add(entries)
    timetable.marks = {0: MIDNIGHT - 1}
    _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=queues)
    assert [job.slot for job, _ in queues.sent] == [MIDNIGHT + 60 * one.minute for one in entries]


def test_a_pause_of_days_is_caught_up_with_one_crawl_each() -> None:
    grid = Grid(slot_minutes=10)
    timetable, queues = FakeTimetable(), FakeQueues()
    timetable.add(grid.entries(ANNA.key, "spotify", Cadence()))
    timetable.marks = {0: NOON - 5 * DAY}
    late = _tick(timetable, NOON, grid, queues=queues)
    assert (late.jobs, late.behind) == (1, 5 * DAY - 600)
    assert _tick(timetable, NOON, grid, queues=queues) == Dispatched(0, 0, None)


def test_stops_when_time_runs_out_and_resumes_there() -> None:
    grid = Grid(slot_minutes=60)
    timetable, queues = FakeTimetable(), FakeQueues()
    timetable.add(grid.entries(ANNA.key, "spotify", Cadence(per_day=24)))
    timetable.marks = {0: MIDNIGHT - 3600}
    first = _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=queues, slots=5)
    second = _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=queues)
    assert (first.jobs, second.jobs) == (5, 19)


def _shedding_days(
    cadences: Mapping[str, Cadence], crawls_a_day: float, days: int, *, views_a_day: int = 0
) -> list[Counter[str]]:
    """The crawls of each owner on each day, with a budget for so many of them."""
    grid, queues, timetable = Grid(slot_minutes=60, shards=2), FakeQueues(), FakeTimetable()
    for user, cadence in cadences.items():
        timetable.add(grid.entries(user, "spotify", cadence))
    timetable.marks = dict.fromkeys(range(grid.shards), MIDNIGHT - 3600)
    budgets = FakeProviderBudgets()
    budget = Budget(requests_per_second=crawls_a_day / DAY / (1 - RESERVE) / (1 - EXPRESS_SHARE))
    ports = DispatchPorts(
        grid, timetable, queues, lambda: 0.0, plans=budgets, budget_of=lambda _: budget
    )
    found = []
    for hour in range(24 * days):
        now = MIDNIGHT + 3600 * hour
        dispatch_due(
            now,
            replace(ports, clock=partial(float, now)),
            time_left=lambda: True,
            new_correlation=lambda: "c",
            holder="tick",
        )
        if hour % 24 == 23:
            budgets.unscheduled["spotify"] += views_a_day
            found.append(Counter(job.owner.key for job, _ in queues.sent))
            queues.sent.clear()
    return found


def _users(number: int, cadence: Cadence, of: str) -> dict[str, Cadence]:
    return {f"harbor#{of}-{at}": cadence for at in range(number)}


def test_a_budget_that_suffices_crawls_everyone_every_day() -> None:
    everyone = _users(20, DAILY, "usual") | _users(20, Cadence(every_days=7), "quiet")
    for day in _shedding_days(everyone, 41, 3):
        assert day == dict.fromkeys(everyone, 1)


def test_a_budget_that_is_too_small_is_kept_and_leaves_out_quiet_accounts_first() -> None:
    everyone = _users(300, DAILY, "usual") | _users(300, Cadence(every_days=7), "quiet")
    first, *later = _shedding_days(everyone, 400, 9)
    assert first.total() > 450, "half of a day's rows have to be counted first"
    for day in later:
        assert all(day[user] == 1 for user in _users(300, DAILY, "usual"))
        assert 350 < day.total() < 450
    weeks = sum(later[:7], Counter())
    assert set(weeks) == set(everyone), "everyone is crawled once a week"
    assert abs(sum(later, Counter()).total() / len(later) - 400) < 15


def test_views_are_given_part_of_the_budget() -> None:
    everyone = _users(300, Cadence(every_days=7), "quiet")
    days = _shedding_days(everyone, 300, 10, views_a_day=100)
    assert abs(sum(day.total() for day in days[2:]) / 8 - 200) < 20


def test_prices_that_cannot_be_read_leave_nothing_out() -> None:
    budgets, queues = FakeProviderBudgets(fails=StoreError("down")), FakeQueues()
    timetable = FakeTimetable()
    timetable.add(Grid().entries(ANNA.key, "spotify", DAILY))
    ports = DispatchPorts(
        Grid(), timetable, queues, lambda: NOON, plans=budgets, budget_of=lambda _: Budget()
    )
    timetable.marks = {0: NOON - DAY}
    done = dispatch_due(
        NOON, ports, time_left=lambda: True, new_correlation=lambda: "c", holder="tick"
    )
    assert done.jobs == 1


@dataclass
class _Refusing(FakeQueues):
    """Refuses the jobs of some owners, and everything once it has taken `most` jobs."""

    owners: frozenset[Owner] = frozenset()
    most: int = 1_000_000

    def send(self, jobs: Iterable[CrawlJob], *, delay: int = 0) -> None:
        sent = list(jobs)
        if len(self.sent) >= self.most or any(job.owner in self.owners for job in sent):
            raise StoreError("refused")
        super().send(sent, delay=delay)


def test_the_watermark_stays_and_the_lease_ends_when_the_crawls_could_not_be_queued() -> None:
    grid = Grid(slot_minutes=60)
    timetable = FakeTimetable()
    timetable.add(grid.entries(ANNA.key, "spotify", Cadence(per_day=24)))
    timetable.marks = {0: NOON - 3600}
    assert isinstance(_tick(timetable, NOON, grid, queues=_Refusing(most=0)).error, StoreError)
    assert (timetable.marks, timetable.leases) == ({0: NOON - 3600}, {})
    assert _tick(timetable, NOON, grid, queues=FakeQueues()).jobs == 1


def test_jobs_queued_before_an_interrupted_tick_are_not_queued_again() -> None:
    grid = Grid(slot_minutes=60)
    timetable = FakeTimetable()
    timetable.add(grid.entries(ANNA.key, "spotify", Cadence(per_day=24)))
    timetable.marks = {0: MIDNIGHT - 3600}
    broken = _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=_Refusing(most=3))
    assert (broken.jobs, bool(broken.error)) == (3, True)
    assert _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=FakeQueues()).jobs == 21


def _full(grid: Grid, minutes: int) -> FakeTimetable:
    """One connection in each of the first slots of every shard."""
    timetable = FakeTimetable()
    for minute, shard in itertools.product(range(minutes), range(grid.shards)):
        timetable.add([Entry(f"harbor#{minute}-{shard}", "spotify", minute, shard)])
    timetable.marks = dict.fromkeys(range(grid.shards), MIDNIGHT - 60)
    return timetable


def test_a_shard_that_fails_does_not_stop_the_others() -> None:
    grid = Grid(shards=4)
    queues = _Refusing(owners=frozenset({Owner("harbor", "0-2")}))
    done = _tick(_full(grid, 3), MIDNIGHT + 120, grid, queues=queues)
    assert (done.jobs, bool(done.error)) == (9, True)


def test_the_oldest_shard_goes_first_and_equally_old_ones_take_turns() -> None:
    grid = Grid(shards=4)
    timetable, queues = _full(grid, 10), FakeQueues()
    timetable.marks[3] -= 60
    first = []
    for minute in range(10):
        queues.sent.clear()
        _tick(timetable, MIDNIGHT + 60 * minute, grid, queues=queues)
        first.append(queues.sent[0][0].owner.user)
    assert first[0] == "0-3"
    assert {name.partition("-")[2] for name in first[1:]} == {"0", "1", "2", "3"}


def test_shards_that_are_far_behind_catch_up_together() -> None:
    grid = Grid(shards=2)
    timetable, queues = FakeTimetable(), FakeQueues()
    timetable.rows = {
        Entry(f"harbor#{minute}-{shard}-{number}", "spotify", minute, shard)
        for minute, shard, number in itertools.product(range(6), range(2), range(1500))
    }
    timetable.marks = dict.fromkeys(range(2), MIDNIGHT - 60)
    _tick(timetable, MIDNIGHT + 5 * 60, grid, queues=queues)
    slots = [job.slot for job, _ in queues.sent]
    oldest_left = itertools.accumulate(reversed(slots), min)
    ahead = [slot - oldest for slot, oldest in zip(reversed(slots), oldest_left, strict=True)]
    assert len(slots) == 18_000
    assert max(ahead) == 2 * 60


# Overlapping ticks, on virtual time. Whatever they do, every row is queued at least once; if no
# tick crashes and no lease ends while its shard is walked, exactly once.

SHARDS, MINUTES = 5, 4


@dataclass
class _Slow:
    """A store or queue, each call of which takes one of `seconds` in turn."""

    of: Any
    scheduler: Scheduler
    seconds: Iterator[float]
    crash_after: int = -1
    calls: int = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.of, name)

        def call(*args: Any, **given: Any) -> Any:
            self.calls += 1
            if 0 < self.crash_after <= self.calls:
                raise CrashError
            self.scheduler.pause(next(self.seconds))
            answer = found(*args, **given)
            return list(answer) if name == "in_slot" else answer

        return call


@dataclass
class _Run:
    scheduler: Scheduler = field(default_factory=lambda: Scheduler(VirtualClock(MIDNIGHT)))
    timetable: FakeTimetable = field(default_factory=lambda: _full(Grid(shards=SHARDS), MINUTES))
    queues: FakeQueues = field(default_factory=FakeQueues)

    def tick(
        self, begin: float, number: int, seconds: list[float], *, crash_after: int = -1
    ) -> None:
        self.scheduler.put(
            begin, lambda: self.scheduler.spawn(lambda: self._walk(number, seconds, crash_after))
        )

    def _walk(self, number: int, seconds: list[float], crash_after: int) -> None:
        pauses = itertools.cycle(seconds)
        dispatch_due(
            int(self.scheduler.now),
            DispatchPorts(
                Grid(shards=SHARDS),
                _Slow(self.timetable, self.scheduler, pauses, crash_after),
                _Slow(self.queues, self.scheduler, pauses),
                clock=lambda: self.scheduler.now,
            ),
            time_left=lambda: True,
            new_correlation=lambda: "c-1",
            holder=f"tick-{number}",
        )

    def counts(self) -> Counter[str]:
        """How often each row was queued, once the leases of crashed ticks have ended."""
        self.scheduler.run(MIDNIGHT + 3600)
        self.tick(MIDNIGHT + 3600, 99, [0.0])
        self.scheduler.run(MIDNIGHT + 3601)
        return Counter(job.owner.user for job, _ in self.queues.sent)


ALL_ROWS = {f"{minute}-{shard}" for minute in range(MINUTES) for shard in range(SHARDS)}
TICKS = st.lists(
    st.tuples(
        st.floats(0, 300), st.lists(st.sampled_from([0.01, 0.5, 3.0]), min_size=1, max_size=5)
    ),
    min_size=1,
    max_size=5,
)


@given(TICKS)
def test_overlapping_ticks_queue_every_row_once(ticks: list[tuple[float, list[float]]]) -> None:
    run = _Run()
    for number, (begin, seconds) in enumerate(ticks):
        run.tick(MIDNIGHT + begin, number, seconds)
    assert run.counts() == dict.fromkeys(ALL_ROWS, 1)


@given(TICKS, st.lists(st.integers(1, 60), min_size=5, max_size=5))
def test_crashing_ticks_leave_no_row_out(
    ticks: list[tuple[float, list[float]]], crashes: list[int]
) -> None:
    run = _Run()
    for number, (begin, seconds) in enumerate(ticks):
        run.tick(MIDNIGHT + begin, number, seconds, crash_after=crashes[number])
    found = run.counts()
    assert set(found) == ALL_ROWS
    # A crash repeats at most the slot that it interrupted.
    assert sum(found.values()) <= len(ALL_ROWS) + len(ticks)


@given(TICKS, st.lists(st.sampled_from([0.01, LEASE_SECONDS + 1.0, 200.0]), min_size=1, max_size=7))
def test_ticks_that_lose_their_leases_leave_no_row_out(
    ticks: list[tuple[float, list[float]]], stalls: list[float]
) -> None:
    run = _Run()
    run.tick(MIDNIGHT + 240, 0, stalls)
    for number, (begin, seconds) in enumerate(ticks, 1):
        run.tick(MIDNIGHT + 240 + begin, number, seconds)
    assert set(run.counts()) == ALL_ROWS


def test_a_tick_that_lost_its_lease_does_not_move_the_watermark() -> None:
    run = _Run()
    run.tick(MIDNIGHT + 180, 0, [LEASE_SECONDS + 10.0])
    run.tick(MIDNIGHT + 300, 1, [0.01])
    run.scheduler.run(MIDNIGHT + 320)
    assert set(run.timetable.marks.values()) == {MIDNIGHT + 300}
    # Only the row that it was about to queue is queued twice.
    assert sorted(run.counts().values()) == [*[1] * (len(ALL_ROWS) - 1), 2]


def test_the_next_tick_takes_over_the_shards_of_a_crashed_one() -> None:
    run = _Run()
    run.tick(MIDNIGHT, 0, [0.01], crash_after=3)
    run.tick(MIDNIGHT + 60, 1, [0.01])
    run.scheduler.run(MIDNIGHT + 100)
    assert set(run.timetable.marks.values()) == {MIDNIGHT + 60}
