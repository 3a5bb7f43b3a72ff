"""Virtual time, and message queues that run on it."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.inprocess.message_queues import LATENCY_SECONDS, MessageQueues, Parcel
from cli.inprocess.virtual_time import Agenda, VirtualClock, VirtualLoop

BEGIN = 1_790_000_000


@given(st.lists(st.integers(0, 50)))
def test_an_agenda_is_done_in_the_order_of_time_and_then_of_writing(delays: list[int]) -> None:
    clock = VirtualClock(BEGIN)
    agenda = Agenda(clock)
    done: list[tuple[float, int]] = []
    for turn, delay in enumerate(delays):
        agenda.put(BEGIN + delay, lambda turn=turn: done.append((clock.now(), turn)))  # type: ignore[misc]
    agenda.run(BEGIN + 40)
    in_time = [(BEGIN + delay, turn) for turn, delay in enumerate(delays) if delay <= 40]
    assert done == sorted(in_time)
    assert clock.now() == BEGIN + 40


def test_what_comes_of_an_act_is_done_within_the_same_run() -> None:
    agenda = Agenda(VirtualClock(BEGIN))
    done: list[int] = []

    def again() -> None:
        done.append(agenda.now - BEGIN)
        agenda.put(agenda.now + 10, again)

    agenda.put(BEGIN, again)
    agenda.run(BEGIN + 35)
    assert done == [0, 10, 20, 30]


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


class Consumer:
    """Notes when it received which message, and finishes those it is told to."""

    def __init__(self) -> None:
        self.agenda = Agenda(VirtualClock(BEGIN))
        self.queues = MessageQueues(self.agenda, self.receive, visibility_seconds=100)
        self.received: list[tuple[int, str, int]] = []
        self.fails = 0
        self.postpones: int | None = None

    def receive(self, queue: str, parcels: Sequence[Parcel]) -> list[str]:
        self.received += [
            (self.agenda.now - BEGIN - LATENCY_SECONDS, one.body, one.attempt) for one in parcels
        ]
        if not self.fails:
            return []
        self.fails -= 1
        if self.postpones is not None:
            for one in parcels:
                self.queues.change_message_visibility(
                    QueueUrl=queue, ReceiptHandle=one.receipt, VisibilityTimeout=self.postpones
                )
        return [one.receipt for one in parcels]

    def send(self, body: str, *, delay: int = 0) -> None:
        entries = [{"MessageBody": body, "DelaySeconds": delay}]
        self.queues.send_message_batch(QueueUrl="spotify", Entries=entries)


def test_a_delayed_message_is_not_delivered_before() -> None:
    consumer = Consumer()
    consumer.send("later", delay=900)
    consumer.send("now")
    consumer.agenda.run(BEGIN + 10_000)
    assert consumer.received == [(0, "now", 1), (900, "later", 1)]


@pytest.mark.parametrize(("postpones", "wait"), [(None, 100), (30, 30)])
def test_a_message_that_is_not_done_is_delivered_again_and_counted(
    postpones: int | None, wait: int
) -> None:
    consumer = Consumer()
    consumer.fails, consumer.postpones = 2, postpones
    consumer.send("stubborn")
    consumer.agenda.run(BEGIN + 10_000)
    again = wait + LATENCY_SECONDS
    assert consumer.received == [(again * turn, "stubborn", turn + 1) for turn in range(3)]
