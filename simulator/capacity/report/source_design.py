"""The arithmetic of the source document, reproduced by the queueing core from its assumptions.

The source: 35M users * 2 providers = 70M crawls a day; two calls a crawl; a worker does 10
sequential calls a second; 300 workers after retries, spikes and a safety margin; 300 MB each on
machines of 16 vCPU and 32 GB, ten workers to a vCPU. It asks how large a
Redis for 1,500 crawls a second has to be, without an answer.
"""

import math
from dataclasses import dataclass

import numpy as np

from simulator.capacity.prices import Prices
from simulator.capacity.station import Station, take

CRAWLS_A_DAY = 70_000_000
_CALLS_A_CRAWL = 2
_CALL_SECONDS = 0.1
_PROVIDERS = 3
_MARGIN = 1.85
"""For retries, spikes and safety: the source goes from 162 workers to 300."""
WORKER_GB = 0.3
_MACHINE_GB, _MACHINE_VCPUS, _WORKERS_A_VCPU = 32, 16, 10
_SYSTEM_GB = 2
_SPARE_MACHINES = 2
_SIMULATED_SECONDS = 1_800
REDIS_COMMANDS_A_JOB = 4
"""Push, blocking pop to a processing list, removal from it, and the entry of the next crawl."""
REDIS_JOB_BYTES = 500
REDIS_BACKLOG_HOURS = 1
_REDIS_NODES = 2
PLAYS_A_DAY = 1_050_000_000
_WRITE_UNITS_PER_PLAY = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the source, and ours from its assumptions. `source` is None if it gives none."""

    what: str
    unit: str
    source: float | None
    ours: float

    @property
    def ratio(self) -> float | None:
        return None if self.source is None else self.ours / self.source


@dataclass(frozen=True, slots=True)
class Busy:
    """Results of half an hour of the source's design, over all providers."""

    crawls_per_second: float
    workers: float
    calls_by_provider: list[float]


def run_source_design(seed: int) -> Busy:
    """Simulates half an hour at an even rate. A step is one crawl of one worker."""
    chance = np.random.default_rng(seed)
    step = _CALLS_A_CRAWL * _CALL_SECONDS
    arriving = CRAWLS_A_DAY / 86_400 / _PROVIDERS * step
    unlimited = np.full(_PROVIDERS, 10**6)
    station = Station(unlimited, np.ones(_PROVIDERS), 1, chance)
    queue = np.zeros((_PROVIDERS, 1), dtype=np.int64)
    steps = round(_SIMULATED_SECONDS / step)
    crawls, busy = np.zeros(_PROVIDERS), 0.0
    for _ in range(steps):
        crawls += station.pass_step()
        queue[:, 0] += chance.poisson(arriving, _PROVIDERS)
        begun = take(queue, station.free)
        queue -= begun
        station.begin(begun[:, 0])
        busy += float(station.busy.sum())
    per_second = crawls / _SIMULATED_SECONDS
    return Busy(
        float(per_second.sum()), busy / steps, [float(each) * _CALLS_A_CRAWL for each in per_second]
    )


def reproduce(seed: int, prices: Prices) -> list[Row]:
    """Compares each figure of the source with ours; ratios are within 5% of 1."""
    busy = run_source_design(seed)
    workers = busy.workers * _MARGIN
    per_machine = math.floor((_MACHINE_GB - _SYSTEM_GB) / WORKER_GB)
    machines = math.ceil(round(workers) / per_machine)
    calls_of_worker = sum(busy.calls_by_provider) / busy.workers
    crawls = workers / (_CALLS_A_CRAWL * _CALL_SECONDS)
    by_cpu = _MACHINE_VCPUS * _WORKERS_A_VCPU
    return [
        Row("crawls", "per second", 810, busy.crawls_per_second),
        Row("calls", "per second", 1_620, sum(busy.calls_by_provider)),
        Row("calls to one provider", "per second", 540, float(np.mean(busy.calls_by_provider))),
        Row("calls of a worker", "per second", 10, calls_of_worker),
        Row("crawls of a worker", "per second", 5, busy.crawls_per_second / busy.workers),
        Row("workers that are busy", "", 162, busy.workers),
        Row("workers with margin", "", 300, workers),
        Row("workers of one provider", "", 100, workers / _PROVIDERS),
        Row("memory of a worker", "MB", 300, WORKER_GB * 1000),
        Row("workers on a machine, by CPU", "", 160, by_cpu),
        Row("memory they would need", "GB", 48, by_cpu * WORKER_GB),
        Row("workers on a machine, by memory", "", 100, per_machine),
        Row("machines", "", 3, machines),
        Row("machines with redundancy", "", 5, machines + _SPARE_MACHINES),
        Row("crawls that the queue handles", "per second", 1_500, crawls),
        Row("Redis commands", "per second", None, crawls * REDIS_COMMANDS_A_JOB),
        Row("Redis memory, an hour's backlog", "GB", None, _backlog_gb(crawls)),
        Row("dollars a day", "", None, dollars_a_day(prices, machines + _SPARE_MACHINES)),
    ]


def dollars_a_day(prices: Prices, machines: int = 5) -> float:
    """Cost of the source's design: machines, Redis with a replica, and an item per play."""
    hourly = (
        machines * prices["ec2_c6i_4xlarge_hour"]
        + _REDIS_NODES * prices["elasticache_r6g_large_hour"]
    )
    writes = PLAYS_A_DAY * _WRITE_UNITS_PER_PLAY * prices["dynamodb_write_unit"]
    return 24 * hourly + writes


def _backlog_gb(crawls_per_second: float) -> float:
    return crawls_per_second * 3600 * REDIS_BACKLOG_HOURS * REDIS_JOB_BYTES / 1e9
