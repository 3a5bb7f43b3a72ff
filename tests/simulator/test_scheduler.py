"""Calls that pause, one at a time, in an order that is always the same."""

import asyncio
from functools import partial

import pytest

from cli.in_memory.process import Process, current, enter
from simulator.scheduler import CrashError, RunawayError, Scheduler
from simulator.virtual_time import VirtualClock, VirtualLoop

BEGIN = 1_790_000_000


def test_calls_resume_in_the_order_in_which_their_pauses_end() -> None:
    scheduler = Scheduler(VirtualClock(BEGIN))
    told: list[tuple[str, float]] = []

    def call(name: str, seconds: float) -> None:
        for _ in range(3):
            scheduler.pause(seconds)
            told.append((name, scheduler.now - BEGIN))

    scheduler.spawn(lambda: call("slow", 2.5))
    scheduler.spawn(lambda: call("quick", 1))
    scheduler.run(BEGIN + 5.5)
    assert told == [("quick", 1), ("quick", 2), ("slow", 2.5), ("quick", 3), ("slow", 5)]
    scheduler.close()


def test_calls_that_pause_amid_an_event_loop_leave_each_other_alone() -> None:
    scheduler = Scheduler(VirtualClock(BEGIN))
    told: list[tuple[str, bool]] = []

    async def work(name: str) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(2):
            scheduler.pause(1)
            await asyncio.sleep(1)
            process = current()
            assert process
            told.append((process.name, asyncio.get_running_loop() is loop and process.name == name))

    def call(name: str) -> None:
        enter(Process(name))
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(work(name))

    scheduler.spawn(lambda: call("one"))
    scheduler.spawn(lambda: call("other"))
    scheduler.run(BEGIN + 3)
    assert told == [("one", True), ("other", True)] * 2
    scheduler.close()


def test_a_closed_scheduler_ends_the_calls_that_are_running() -> None:
    scheduler = Scheduler(VirtualClock(BEGIN))
    ended: list[str] = []

    def call() -> None:
        try:
            scheduler.pause(100)
        finally:
            ended.append("here")

    scheduler.spawn(call)
    scheduler.run(BEGIN + 1)
    scheduler.close()
    assert ended == ["here"]


def test_errors_of_a_call_are_raised_and_a_crash_is_not() -> None:
    scheduler = Scheduler(VirtualClock(BEGIN))

    def crash() -> None:
        raise CrashError

    scheduler.spawn(crash)
    scheduler.run(BEGIN + 1)
    scheduler.spawn(lambda: [][0])
    with pytest.raises(IndexError):
        scheduler.run(BEGIN + 2)


@pytest.mark.parametrize("calls", [1, 2])
def test_a_run_of_more_events_than_allowed_is_ended(calls: int) -> None:
    scheduler = Scheduler(VirtualClock(BEGIN), most_events=100)

    def call() -> None:
        while True:
            scheduler.pause(1)

    for _ in range(calls):
        scheduler.spawn(call)
    with pytest.raises(RunawayError):
        scheduler.run(BEGIN + 1000)
    assert scheduler.now < BEGIN + 110
    scheduler.close()


def test_a_process_dies_before_or_after_its_last_call() -> None:
    before = Process("one", deadline=BEGIN, calls_left=1)
    assert not before.begin_call(BEGIN)
    with pytest.raises(CrashError):
        before.begin_call(BEGIN)
    after = Process("two", deadline=BEGIN, calls_left=0, dies_after=True)
    assert after.begin_call(BEGIN)


def test_a_process_that_runs_for_too_long_dies_and_stays_dead() -> None:
    process = Process("one", deadline=BEGIN)
    with pytest.raises(CrashError):
        process.begin_call(BEGIN + 0.1)
    with pytest.raises(CrashError):
        process.begin_call(BEGIN)


def test_a_started_call_runs_beside_the_one_that_awaits_its_result() -> None:
    scheduler = Scheduler(VirtualClock(BEGIN))
    seen: list[tuple[object, float]] = []

    def slow(seconds: float) -> float:
        scheduler.pause(seconds)
        if seconds > 5:
            raise ValueError(seconds)
        return seconds

    def call() -> None:
        started = [scheduler.start(partial(slow, s)) for s in (3.0, 1.0, 9.0)]
        seen.extend((started[at](), scheduler.now - BEGIN) for at in (0, 1))
        with pytest.raises(ValueError, match=r"9\.0"):
            started[2]()
        seen.append(("error", scheduler.now - BEGIN))

    scheduler.spawn(call)
    scheduler.run(BEGIN + 60)
    assert seen == [(3.0, 3.0), (1.0, 3.0), ("error", 9.0)]
