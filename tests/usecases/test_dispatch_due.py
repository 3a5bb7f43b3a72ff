"""Dispatch queues each scheduled crawl once for each due time and catches up on missed ticks."""

import itertools
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, DAY, NOON, FakeQueues, FakeTimetable
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.timetable import Cadence, Grid
from topk.domain.owner import Owner
from topk.usecases.crawling.dispatch_due import dispatch_due

MIDNIGHT = NOON - NOON % DAY


def _tick(
    timetable: FakeTimetable, now: int, grid: Grid, *, queues: FakeQueues, slots: int | None = None
) -> int:
    left = itertools.repeat(True) if slots is None else itertools.chain([True] * slots, [False])
    return dispatch_due(
        now,
        grid=grid,
        timetable=timetable,
        queues=queues,
        time_left=lambda: next(left),
        new_correlation=lambda: "c-1",
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
    assert _tick(timetable, NOON, grid, queues=queues) == 1
    assert _tick(timetable, NOON, grid, queues=queues) == 0


def test_stops_when_time_runs_out_and_resumes_there() -> None:
    grid = Grid(slot_minutes=60)
    timetable, queues = FakeTimetable(), FakeQueues()
    timetable.add(grid.entries(ANNA.key, "spotify", Cadence(per_day=24)))
    timetable.marks = {0: MIDNIGHT - 3600}
    first = _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=queues, slots=5)
    second = _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=queues)
    assert (first, second) == (5, 19)


def test_a_cadence_of_every_n_days_skips_the_other_days() -> None:
    grid = Grid(slot_minutes=60)
    timetable, queues = FakeTimetable(), FakeQueues()
    timetable.add(grid.entries(ANNA.key, "spotify", Cadence(every_days=3)))
    timetable.marks = {0: MIDNIGHT - 1}
    crawls = [
        _tick(timetable, MIDNIGHT + day * DAY + DAY - 1, grid, queues=queues) for day in range(9)
    ]
    assert sum(crawls) == 3
    assert crawls[:3] == crawls[3:6] == crawls[6:]


def test_the_watermark_stays_when_the_crawls_could_not_be_queued() -> None:
    grid = Grid(slot_minutes=60)
    timetable = FakeTimetable()
    timetable.add(grid.entries(ANNA.key, "spotify", Cadence(per_day=24)))
    timetable.marks = {0: NOON - 3600}

    class _Down(FakeQueues):
        def send(self, jobs: object, *, delay: int = 0) -> None:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        _tick(timetable, NOON, grid, queues=_Down())
    assert timetable.marks == {0: NOON - 3600}
    queues = FakeQueues()
    assert _tick(timetable, NOON, grid, queues=queues) == 1


def test_jobs_queued_before_an_interrupted_tick_are_not_queued_again() -> None:
    grid = Grid(slot_minutes=60)
    timetable = FakeTimetable()
    timetable.add(grid.entries(ANNA.key, "spotify", Cadence(per_day=24)))
    timetable.marks = {0: MIDNIGHT - 3600}

    class _BreaksOff(FakeQueues):
        def send(self, jobs: Iterable[CrawlJob], *, delay: int = 0) -> None:
            if len(self.sent) == 3:
                raise ConnectionError
            super().send(jobs, delay=delay)

    with pytest.raises(ConnectionError):
        _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=_BreaksOff())
    assert _tick(timetable, MIDNIGHT + DAY - 1, grid, queues=FakeQueues()) == 21
