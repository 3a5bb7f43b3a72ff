"""Virtual time passes by jumps."""

import asyncio

import pytest

from simulator.virtual_time import VirtualClock, VirtualLoop

BEGIN = 1_790_000_000


def test_a_virtual_clock_does_not_run() -> None:
    clock = VirtualClock(BEGIN)
    with pytest.raises(ValueError, match="run"):
        clock.set(BEGIN, running=True)
    assert not clock.running


def test_sleepers_on_a_virtual_loop_wake_in_order_and_take_its_time() -> None:
    woken: list[int] = []

    async def sleep(seconds: int) -> None:
        await asyncio.sleep(seconds)
        woken.append(seconds)

    async def everybody() -> float:
        await asyncio.gather(sleep(7200), sleep(30), sleep(86_400))
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(everybody()) == pytest.approx(86_400)
    assert woken == [30, 7200, 86_400]


def test_a_time_out_comes_before_a_longer_sleep_ends() -> None:
    async def impatient() -> None:
        async with asyncio.timeout(15):
            await asyncio.sleep(30)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner, pytest.raises(TimeoutError):
        runner.run(impatient())
