"""Runs the dispatch function at full scale in virtual time, with the latencies of AWS."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from cli.in_memory.conditions import Conditions
from cli.in_memory.environment import environment
from cli.in_memory.installed import clear, furnish, installed
from cli.in_memory.lambdas import Lambdas
from cli.in_memory.schedule import Schedule
from cli.in_memory.trace import Trace
from cli.local_stack.table_definitions import table_definitions
from cli.studies.dispatching.full_table import FullTable
from infra_cdk.config import Deployment
from simulator.aws.account import Aws
from simulator.aws.latency import Latencies, Latency, read_latencies
from simulator.listeners.dice import Dice
from simulator.scheduler import Scheduler
from simulator.virtual_time import VirtualClock
from topk.domain.crawl.load_shedding import Census
from topk.stores.tables.timetable import Timetable

NOON = 1_795_348_800
"""2026-11-22T12:00:00Z"""
_LONGEST = 120
"""Minutes after which a run that has not caught up ends."""


@dataclass(frozen=True, slots=True)
class Case:
    """`missed` slots (minutes) when the first tick comes; SendMessageBatch takes `send_ms`."""

    send_ms: float
    missed: int


@dataclass(frozen=True, slots=True)
class Found:
    """`caught_up_seconds` after the first tick, no row that was due was left.

    `queued` is how often each row of each slot was queued, least and most. `ticks_at_once` is the
    largest number of invocations that ran at the same time.
    """

    send_ms: float
    missed_minutes: int
    rows_a_minute: int
    rows: int
    batches: int
    caught_up_seconds: float
    queued: tuple[int, int]
    ticks: int
    ticks_at_once: int


def run(case: Case, declared: Deployment, *, rows_per_second: float) -> Found:
    """`rows_per_second` is what one core dispatches without waiting (`topk bench`)."""
    clock = VirtualClock(NOON)
    scheduler = Scheduler(clock)
    shards = declared.stage.shards
    table = FullTable(shards, clock.now)
    cpu_seconds = 10 / rows_per_second

    def start(call: Callable[[], Any]) -> Callable[[], Any]:
        scheduler.pause(cpu_seconds)  # One thread prepares the calls, one after the other.
        return scheduler.start(call)

    latencies = Latencies(Dice("dispatch"), scheduler.pause, sqs=_around(case.send_ms))
    aws = Aws(clock.now, hooks=[latencies, table], start=start)
    for definition in table_definitions():
        aws.dynamodb.create_table(definition)
    counted = _Counted()
    conditions = Conditions()
    lambdas = Lambdas(
        scheduler,
        conditions,
        Trace(kept=False),
        lambda process: furnish(process, clock.now),
        clear,
    )
    lambdas.around = counted.around
    with TemporaryDirectory() as folder:
        carrier = httpx2.MockTransport(lambda _: httpx2.Response(500))
        given = environment(declared, Path(folder))
        with installed(given, aws.client, carrier, io.StringIO(), clock.now):
            for shard in range(shards):
                Timetable().lease(shard, "before", now=NOON, until=NOON)
                Timetable().release(
                    shard, "before", through=NOON - case.missed * 60, census=Census()
                )
            Schedule(scheduler, conditions, lambdas, 60).fire(NOON, NOON + _LONGEST * 60)
            minutes = 0
            while minutes < _LONGEST and not _complete(table, case, minutes):
                minutes += 1
                scheduler.run(NOON + minutes * 60 - 1)
        scheduler.close()
    return _found(case, table, minutes, counted)


def _around(milliseconds: float) -> Latency:
    """A median of so many milliseconds, with the spread that the table has for SQS."""
    usual = read_latencies()["sqs"]
    return Latency(milliseconds / 1000, milliseconds / 1000 * usual.p99 / usual.p50, usual.source)


def _complete(table: FullTable, case: Case, minutes: int) -> bool:
    """Whether all slots that were due in the first `minutes` have been queued."""
    return minutes > 0 and all(min(table.sent[slot]) for slot in _slots(case, minutes))


def _slots(case: Case, minutes: int) -> range:
    return range(NOON - (case.missed - 1) * 60, NOON + minutes * 60, 60)


def _found(case: Case, table: FullTable, minutes: int, counted: "_Counted") -> Found:
    slots = _slots(case, minutes)
    return Found(
        send_ms=case.send_ms,
        missed_minutes=case.missed,
        rows_a_minute=len(table.sent[NOON]),
        rows=sum(map(sum, table.sent.values())),
        batches=table.batches,
        caught_up_seconds=max(table.last_sent[slot] for slot in slots) - NOON,
        queued=(
            min(min(table.sent[slot]) for slot in slots),
            max(max(of_slot) for of_slot in table.sent.values()),
        ),
        ticks=counted.ticks,
        ticks_at_once=counted.most,
    )


class _Counted:
    """Counts the invocations."""

    def __init__(self) -> None:
        self.ticks = self.running = self.most = 0

    @contextmanager
    def around(self, _function: str, _event: Mapping[str, Any]) -> Iterator[None]:
        self.ticks += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            yield
        finally:
            self.running -= 1
