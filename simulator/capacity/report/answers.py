"""The results of the simulation, for each scenario and each of its providers."""

from dataclasses import dataclass

import numpy as np

from simulator.capacity.demand import LINES
from simulator.capacity.population import KINDS
from simulator.capacity.providers import NAMES, PROVIDERS
from simulator.capacity.sample import Sample
from simulator.capacity.simulation import Trace
from simulator.capacity.staleness import (
    BIN_SECONDS,
    DAY_SECONDS,
    Ages,
    Curves,
    ages,
    by_view,
    curves,
    quantile,
)
from simulator.capacity.station import Amounts

CAUGHT_UP_SECONDS = 300
"""A queue has caught up when no crawl waits longer than this."""
_MB_A_GB = 1024
_SPOTIFY = NAMES.index("spotify")


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """Concurrency in Lambda environments; memory in GB, configured and resident; waits in seconds.

    An unfinished crawl counts with its wait until the end.
    """

    name: str
    calls_per_second: float
    batch_seconds: float
    concurrency_mean: float
    concurrency_peak: int
    memory_gb_peak: float
    resident_gb_peak: float
    queue_peak: int
    refused: int
    wait_p50: float
    wait_p99: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Shares are of 1, ages and waits in seconds.

    `fresh` is the share of the connections crawled within the past 24 h: on average over the last
    day, at the worst hour, and hour by hour; `age_shares` (hour of age, on the last day) is the
    share of the connections whose data are that old. At Spotify alone, on the last day:
    `fresh_by_kind` of owners; `fresh_seen`, where each connection counts with its views;
    `plays_lost`, the share of the plays that leave its 50-deep history before the next crawl;
    `price`, that of its budget, and `on_view`, the share of its crawls that a view asked for.
    """

    name: str
    says: str
    crawls_due: float
    crawls_done: float
    crawls_per_second: float
    queue_peak: int
    fresh: float
    fresh_worst: float
    fresh_by_kind: dict[str, float]
    fresh_seen: float
    plays_lost: float
    price: float
    on_view: float
    age_p50: float
    age_p99: float
    age_p99_worst: float
    catch_up: float | None
    providers: list[ProviderAnswer]
    fresh_by_hour: list[float]
    age_shares: list[float]


def answer(trace: Trace, lane: int) -> Answer:
    scenario = trace.scenarios[lane]
    found = ages(trace, lane)
    last_day = slice(-24, None)
    due = (trace.demand.dispatched[:, lane] + trace.demand.direct[:, lane]).sum() / trace.days
    done = float(trace.done[-1, lane].sum()) / trace.days
    fresh = found.younger_than(DAY_SECONDS)
    return Answer(
        name=scenario.name,
        says=scenario.says,
        crawls_due=float(due),
        crawls_done=done,
        crawls_per_second=done / DAY_SECONDS,
        queue_peak=int((trace.queued[:, lane].sum(axis=1) + trace.behind[:, lane]).max()),
        fresh=float(fresh[last_day].mean()),
        fresh_worst=float(fresh.min()),
        fresh_by_kind=_by_kind(found),
        fresh_seen=_on_last_day(ages(trace, lane, by_view).of(_SPOTIFY)),
        age_p50=float(np.median(found.quantile(0.5)[last_day])),
        age_p99=float(np.median(found.quantile(0.99)[last_day])),
        age_p99_worst=float(found.quantile(0.99).max()),
        plays_lost=_lost(trace.demand.samples[lane][_SPOTIFY]),
        price=trace.demand.samples[lane][_SPOTIFY].price,
        on_view=_on_view(trace.demand.samples[lane][_SPOTIFY]),
        catch_up=catch_up(trace, lane),
        providers=[_provider(trace, lane, provider) for provider in range(len(PROVIDERS))],
        fresh_by_hour=[round(float(share), 5) for share in fresh],
        age_shares=_by_age(found.shares(last_day)),
    )


def _by_kind(found: Ages) -> dict[str, float]:
    return {kind.name: _on_last_day(found.of(_SPOTIFY, place)) for place, kind in enumerate(KINDS)}


def _lost(sample: Sample) -> float:
    return sample.plays_lost / max(sample.plays, 1)


def _on_view(sample: Sample) -> float:
    return sample.a_day(on_view=True) / sample.crawls_each


def _by_age(shares: Amounts) -> list[float]:
    by_hour = shares.reshape(-1, 3600 // BIN_SECONDS).sum(axis=1)
    return [round(float(share), 6) for share in by_hour]


def _on_last_day(found: Ages) -> float:
    return float(found.younger_than(DAY_SECONDS)[-24:].mean())


def _provider(trace: Trace, lane: int, provider: int) -> ProviderAnswer:
    inputs = trace.inputs
    busy = trace.busy_seconds[-1, lane, provider] / trace.days / DAY_SECONDS
    peak = int(np.ceil(trace.busy[:, lane, provider].max() / inputs.batch))
    calls = trace.done[-1, lane, provider].sum() * PROVIDERS[provider].calls
    waits, weights = (
        np.concatenate(parts)
        for parts in zip(*(line.waits() for line in _lines(trace, lane, provider)), strict=True)
    )
    return ProviderAnswer(
        name=NAMES[provider],
        calls_per_second=float(calls / trace.days / DAY_SECONDS),
        batch_seconds=trace.batches[provider].mean,
        concurrency_mean=float(busy / inputs.batch),
        concurrency_peak=peak,
        memory_gb_peak=peak * inputs.crawl_function_mb / _MB_A_GB,
        resident_gb_peak=peak * inputs.crawl_resident_mb / _MB_A_GB,
        queue_peak=int(trace.queued[:, lane, provider].max()),
        refused=int(trace.refused[-1, lane, provider]),
        wait_p50=quantile(waits, weights, 0.5),
        wait_p99=quantile(waits, weights, 0.99),
    )


def _lines(trace: Trace, lane: int, provider: int) -> list[Curves]:
    return [curves(trace, lane, provider, line) for line in range(LINES)]


def catch_up(trace: Trace, lane: int) -> float | None:
    """Seconds from the end of the incident until no due crawl has waited for CAUGHT_UP_SECONDS.

    None without an incident, infinite if the queue never catches up.
    """
    incident = trace.scenarios[lane].incident
    if incident is None:
        return None
    lines = [line for place in range(len(PROVIDERS)) for line in _lines(trace, lane, place)]
    marks = lines[0].mark_seconds
    level = np.ones(len(marks), dtype=bool)
    for line in lines:
        level &= line.done >= line.due_by(np.maximum(marks - CAUGHT_UP_SECONDS, 0.0)) - 1
    after = marks[level & (marks >= incident.ends * 3600)]
    return float(after[0] - incident.ends * 3600) if len(after) else float("inf")
