"""Calls that pause, one at a time, in an order that is always the same."""

import asyncio

import pytest

from cli.chaos_run import course as module
from cli.chaos_run.course import Course, CrashError, RunawayError
from cli.chaos_run.process import Process, current, enter
from cli.inprocess.virtual_time import VirtualClock, VirtualLoop

BEGIN = 1_790_000_000


def test_calls_go_on_in_the_order_in_which_their_pauses_end() -> None:
    course = Course(VirtualClock(BEGIN))
    told: list[tuple[str, float]] = []

    def call(name: str, seconds: float) -> None:
        for _ in range(3):
            course.pause(seconds)
            told.append((name, course.now - BEGIN))

    course.spawn(lambda: call("slow", 2.5))
    course.spawn(lambda: call("quick", 1))
    course.run(BEGIN + 5.5)
    assert told == [("quick", 1), ("quick", 2), ("slow", 2.5), ("quick", 3), ("slow", 5)]
    course.close()


def test_calls_that_pause_amid_an_event_loop_leave_each_other_alone() -> None:
    course = Course(VirtualClock(BEGIN))
    told: list[tuple[str, bool]] = []

    async def work(name: str) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(2):
            course.pause(1)
            await asyncio.sleep(1)
            process = current()
            assert process
            told.append((process.name, asyncio.get_running_loop() is loop and process.name == name))

    def call(name: str) -> None:
        enter(Process(name))
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(work(name))

    course.spawn(lambda: call("one"))
    course.spawn(lambda: call("other"))
    course.run(BEGIN + 3)
    assert told == [("one", True), ("other", True)] * 2
    course.close()


def test_a_course_that_ends_ends_its_calls_wherever_they_are() -> None:
    course = Course(VirtualClock(BEGIN))
    ended: list[str] = []

    def call() -> None:
        try:
            course.pause(100)
        finally:
            ended.append("here")

    course.spawn(call)
    course.run(BEGIN + 1)
    course.close()
    assert ended == ["here"]


def test_what_a_call_raises_comes_out_and_a_crash_does_not() -> None:
    course = Course(VirtualClock(BEGIN))

    def crash() -> None:
        raise CrashError

    course.spawn(crash)
    course.run(BEGIN + 1)
    course.spawn(lambda: [][0])
    with pytest.raises(IndexError):
        course.run(BEGIN + 2)


@pytest.mark.parametrize("calls", [1, 2])
def test_a_course_in_which_ever_more_happens_does_not_go_on(
    calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_EVENTS", 100)
    course = Course(VirtualClock(BEGIN))

    def call() -> None:
        while True:
            course.pause(1)

    for _ in range(calls):
        course.spawn(call)
    with pytest.raises(RunawayError):
        course.run(BEGIN + 1000)
    assert course.now < BEGIN + 110
    course.close()


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
