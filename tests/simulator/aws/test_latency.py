"""Calls take as long as the table of latencies says."""

from statistics import quantiles

import pytest

from simulator.aws.account import Aws
from simulator.aws.latency import Latencies, read_latencies
from simulator.listeners.dice import Dice
from simulator.scheduler import Scheduler
from simulator.virtual_time import VirtualClock

BEGIN = 1_790_000_000


@pytest.mark.parametrize("name", read_latencies())
def test_draws_have_the_percentiles_of_the_table(name: str) -> None:
    latency = read_latencies()[name]
    latencies = Latencies(Dice("latency", name), lambda _: None)
    service, _, operation = name.partition(".")
    drawn = quantiles([latencies.seconds(service, operation) for _ in range(20_000)], n=100)
    assert drawn[49] == pytest.approx(latency.p50, rel=0.05)
    assert drawn[98] == pytest.approx(latency.p99, rel=0.15)


def test_every_latency_names_its_source() -> None:
    assert all(latency.source for latency in read_latencies().values())


def test_a_call_lets_virtual_time_pass() -> None:
    scheduler = Scheduler(VirtualClock(BEGIN))
    aws = Aws(lambda: scheduler.now, hooks=[Latencies(Dice("latency"), scheduler.pause)])
    aws.sqs.create("work")
    send = {"QueueUrl": "work", "MessageBody": "x"}
    scheduler.spawn(lambda: [aws.call("sqs", "SendMessage", send) for _ in range(10)])
    scheduler.run(BEGIN + 1e-9)
    assert not aws.sqs.queues["work"].messages
    scheduler.run(BEGIN + 60)
    moments = [message.visible_at for message in aws.sqs.queues["work"].messages.values()]
    assert moments == sorted(moments)
    assert 0.05 < moments[-1] - BEGIN < 2
