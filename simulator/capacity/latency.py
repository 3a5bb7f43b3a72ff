"""How long a batch of crawls takes: its slowest crawl, and the computing of all."""

from dataclasses import dataclass

import numpy as np

_Z99 = 2.3263
_SAMPLES = 4_000


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds of one provider call, log-normal: the median and the 99th percentile."""

    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class BatchTime:
    """Seconds of a batch: the mean, and its standard deviation as a share of the mean."""

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
    """The time of `in_flight` crawls at once, each of `calls` calls, one after the other.

    The crawls wait at the same time and compute in turn: the batch ends with its slowest crawl.
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
