"""Sizes of the crawl function: more memory means more CPU, but costs more while it waits."""

from dataclasses import dataclass, replace

import numpy as np

from simulator.capacity.cost import Work, cost
from simulator.capacity.inputs import Inputs
from simulator.capacity.latency import batch_time
from simulator.capacity.prices import Prices
from simulator.capacity.providers import PROVIDERS
from simulator.capacity.simulation import CORE_MB

SIZES_MB = (256, 512, 1024, 1769)


@dataclass(frozen=True, slots=True)
class Size:
    """Mean seconds of a batch over the providers, environments busy, dollars a day."""

    megabytes: int
    batch_seconds: float
    environments: float
    usd_a_day: float


def sizes(crawls_a_day: float, inputs: Inputs, prices: Prices, seed: int) -> list[Size]:
    """Compares the sizes, by Little's law from the duration of a batch."""
    return [_size(megabytes, crawls_a_day, inputs, prices, seed) for megabytes in SIZES_MB]


def environment_seconds(crawls: float, inputs: Inputs, seed: int = 7) -> float:
    """Seconds of all crawl environments for `crawls` in full batches, by Little's law."""
    return crawls / inputs.batch * _batch_seconds(inputs, inputs.crawl_function_mb, seed)


def _batch_seconds(inputs: Inputs, megabytes: int, seed: int) -> float:
    """The mean over the providers, weighted by their share of the crawls."""
    chance = np.random.default_rng(seed)
    return sum(
        provider.share
        * batch_time(
            provider.latency,
            calls=provider.calls,
            in_flight=inputs.batch,
            cpu_seconds=inputs.crawl_cpu_ms / 1000,
            vcpus=megabytes / CORE_MB,
            chance=chance,
        ).mean
        for provider in PROVIDERS
    )


def _size(megabytes: int, crawls: float, inputs: Inputs, prices: Prices, seed: int) -> Size:
    seconds = _batch_seconds(inputs, megabytes, seed)
    busy = crawls / inputs.batch * seconds
    sized = replace(inputs, crawl_function_mb=megabytes)
    usd = cost(Work(crawls, 0.0, busy), sized, prices).crawl_lambda
    return Size(megabytes, seconds, busy / 86_400, usd)
