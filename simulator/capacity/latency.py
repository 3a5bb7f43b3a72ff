"""The duration of a batch of crawls: its slowest crawl, and the CPU time of all."""

from dataclasses import dataclass

import numpy as np

_Z99 = 2.3263
_SAMPLES = 4_000


@dataclass(frozen=True, slots=True)
class Latency:
    """Median and 99th percentile of a provider call (seconds); log-normal."""

    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class BatchTime:
    """Mean duration of a batch (seconds), and its standard deviation as a share of the mean."""

    mean: float
    variation: float


def batch_time(
    latency: Latency,
    *,
    calls: float,
    in_flight: int,
    cpu_seconds: float,
    vcpus: float,
    chance: np.random.Generator,
) -> BatchTime:
    """The time of `in_flight` concurrent crawls, each of `calls` sequential calls.

    Crawls wait concurrently but compute in turn; the batch ends with its slowest crawl.
    """
    spread = np.log(latency.p99 / latency.p50) / _Z99
    whole, part = int(calls), calls - int(calls)
    size = (_SAMPLES, in_flight)
    waits = np.zeros(size)
    for _ in range(whole):
        waits += chance.lognormal(np.log(latency.p50), spread, size)
    extra = chance.lognormal(np.log(latency.p50), spread, size)
    waits += np.where(chance.random(size) < part, extra, 0.0)
    seconds = waits.max(axis=1) + in_flight * cpu_seconds / vcpus
    return BatchTime(float(seconds.mean()), float(seconds.std() / seconds.mean()))
