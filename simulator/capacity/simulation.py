"""Simulates days of crawling, all scenarios at once. Every crawl is counted, none sampled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.capacity.conditions import Conditions, conditions
from simulator.capacity.demand import EXPRESS, LINES, STANDING, Demand, demand
from simulator.capacity.dispatching import Dispatcher
from simulator.capacity.gate import Gate
from simulator.capacity.inputs import Inputs
from simulator.capacity.latency import BatchTime, batch_time
from simulator.capacity.providers import PROVIDERS
from simulator.capacity.sample import Sample
from simulator.capacity.scenarios import Scenario
from simulator.capacity.station import Amounts, Crawls, Station, phases_of, take

STEP_SECONDS = 2
MARK_SECONDS = 10
RETRY_SECONDS = 30
"""Delay of the first retry of a failed crawl, and the Retry-After of a provider that refuses."""
_STEPS_A_MINUTE = 60 // STEP_SECONDS
_STEPS_A_MARK = MARK_SECONDS // STEP_SECONDS
_RING = RETRY_SECONDS // STEP_SECONDS
CORE_MB = 1769
"""Lambda gives one vCPU at this memory.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""


@dataclass(frozen=True, slots=True)
class Trace:
    """The counters of a simulation, sampled every MARK_SECONDS (a mark).

    Since the beginning: `done` crawls (mark, scenario, provider, line), `refused` crawls and
    `busy_seconds` of all crawls in flight (mark, scenario, provider). Maximum since the
    previous mark: `queued` and `busy` crawls (mark, scenario, provider). At the mark: `behind`,
    rows that are due and not dispatched (mark, scenario). `batches`: seconds per batch.
    """

    scenarios: Sequence[Scenario]
    inputs: Inputs
    days: int
    demand: Demand
    conditions: Conditions
    batches: Sequence[BatchTime]
    done: Crawls
    queued: Crawls
    busy: Crawls
    busy_seconds: Crawls
    refused: Crawls
    behind: Crawls


def simulate(
    scenarios: Sequence[Scenario],
    inputs: Inputs,
    samples: Sequence[Sequence[Sample]],
    needed: Sequence[float],
    *,
    days: int,
    seed: int,
    on_hour: Callable[[int], None] = lambda _: None,
) -> Trace:
    """Simulates `days` days from midnight, with empty queues; calls `on_hour` after each hour.

    `samples` has the accounts of each scenario and provider, `needed` the crawls that an account of
    each provider needs a day.
    """
    chance = np.random.default_rng(seed)
    batches = [
        batch_time(
            provider.latency,
            calls=provider.calls,
            in_flight=inputs.batch,
            cpu_seconds=inputs.crawl_cpu_ms / 1000,
            vcpus=inputs.crawl_function_mb / CORE_MB,
            chance=chance,
        )
        for provider in PROVIDERS
    ]
    due = demand(scenarios, inputs, samples, days=days, chance=chance)
    given = conditions(scenarios, inputs, needed, days=days)
    pipeline = _Pipeline(len(scenarios), inputs, batches, given, chance)
    marks: list[tuple[Crawls, ...]] = []
    for minute in range(len(due.dispatched)):
        marks += pipeline.pass_minute(minute, due, given)
        if minute % 60 == 59:
            on_hour(minute // 60)
    marked = [np.stack(each) for each in zip(*marks, strict=True)]
    return Trace(scenarios, inputs, days, due, given, batches, *marked)


class _Pipeline:
    """Dispatcher, queues, gates and stations of all scenarios."""

    def __init__(
        self,
        lanes: int,
        inputs: Inputs,
        batches: Sequence[BatchTime],
        given: Conditions,
        chance: np.random.Generator,
    ) -> None:
        shape = (lanes, len(PROVIDERS))
        steps: Amounts = np.maximum([batch.mean / STEP_SECONDS for batch in batches], 1.0)
        phases = min(
            phases_of(mean, batch.variation) for mean, batch in zip(steps, batches, strict=True)
        )
        servers = np.array([provider.at_once * inputs.batch for provider in PROVIDERS])
        self._chance = chance
        self._failures = inputs.failures
        self._express_share = inputs.express_share
        self._station = Station(np.broadcast_to(servers, shape).copy(), steps, phases, chance)
        calls = np.broadcast_to([provider.calls for provider in PROVIDERS], shape)
        self._gate = Gate(given.budget, calls, STEP_SECONDS)
        self._dispatcher = Dispatcher(
            inputs.dispatch_rows_per_second * STEP_SECONDS, (*shape, LINES)
        )
        self._queue = np.zeros((*shape, LINES), dtype=np.int64)
        self._again = np.zeros((_RING, *shape, LINES), dtype=np.int64)
        self._done = np.zeros((*shape, LINES), dtype=np.int64)
        self._refused = np.zeros(shape, dtype=np.int64)
        self._busy_seconds = np.zeros(shape, dtype=np.int64)
        self._most_queued = np.zeros(shape, dtype=np.int64)
        self._most_busy = np.zeros(shape, dtype=np.int64)
        self._step = 0

    def pass_minute(self, minute: int, due: Demand, given: Conditions) -> list[tuple[Crawls, ...]]:
        self._dispatcher.fall_due(due.dispatched[minute])
        direct, limit, up = due.direct[minute], given.limit[minute], given.dispatcher_up[minute]
        marks = []
        for step in range(_STEPS_A_MINUTE):
            if direct.any():
                share = direct * (step + 1) // _STEPS_A_MINUTE - direct * step // _STEPS_A_MINUTE
                self._queue += share
            self._queue += self._dispatcher.move(up)
            self._pass_step(limit)
            if (step + 1) % _STEPS_A_MARK == 0:
                marks.append(self._mark())
        return marks

    def _pass_step(self, limit: Amounts) -> None:
        self._station.pass_step()
        slot = self._step % _RING
        self._queue += self._again[slot]
        room = np.minimum(self._station.free, self._gate.room())
        begun = by_lane(self._queue, room, self._express_share)
        self._queue -= begun
        asked = begun.sum(axis=-1)
        served = self._gate.ask(asked, limit=limit)
        refused = asked - served
        answered = take(begun, served) if refused.any() else begun
        done = answered - self._chance.binomial(answered, self._failures)
        self._again[slot] = begun - done
        self._done += done
        self._refused += refused
        self._station.begin(served)
        busy = self._station.busy
        self._busy_seconds += busy * STEP_SECONDS
        self._most_busy = np.maximum(self._most_busy, busy)
        self._most_queued = np.maximum(self._most_queued, self._queue.sum(axis=-1))
        self._step += 1

    def _mark(self) -> tuple[Crawls, ...]:
        marked = (
            self._done.copy(),
            self._most_queued,
            self._most_busy,
            self._busy_seconds.copy(),
            self._refused.copy(),
            self._dispatcher.behind,
        )
        self._most_queued = np.zeros_like(self._most_queued)
        self._most_busy = np.zeros_like(self._most_busy)
        return marked


def by_lane(queue: Crawls, room: Crawls, express_share: float) -> Crawls:
    """The crawls that begin: each lane has its share of the room, and what the other leaves."""
    express, standing = queue[..., EXPRESS], queue[..., STANDING]
    kept = np.ceil(room * (1 - express_share)).astype(np.int64)
    begun = np.zeros_like(queue)
    begun[..., STANDING] = np.minimum(standing, np.maximum(kept, room - express))
    begun[..., EXPRESS] = np.minimum(express, room - begun[..., STANDING])
    return begun
