"""JSON logs and CloudWatch embedded metrics, with Powertools.

Logs contain no user ids, because they outlive an erasure, and no tokens, titles or bodies. A crawl
is traced by its correlation id. Every metric has the dimension `service` (the function); others are
`version`, `provider`, `reason` and `tenant`, each with few values.
"""

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit


@lru_cache(maxsize=1)
def logger() -> Logger:
    return Logger()


@lru_cache(maxsize=1)
def _metrics() -> Metrics:
    return Metrics()


def count(counts: Mapping[str, int], **dimensions: str) -> None:
    """Write `counts` (metric name -> count) as one embedded metric line, without zeros."""
    counted = {name: (value,) for name, value in counts.items() if value}
    _write(counted, MetricUnit.Count, dimensions)


def count_by_version(counts: Mapping[str, int]) -> None:
    """`count`, in total and for the running version, which a canary compares with the others."""
    count(counts)
    count(counts, version=os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"))


def measure(seconds: Mapping[str, Iterable[float]], **dimensions: str) -> None:
    """Write all values (metric name -> seconds), so that CloudWatch has percentiles."""
    _write(seconds, MetricUnit.Seconds, dimensions)


def _write(
    values: Mapping[str, Iterable[float]], unit: MetricUnit, dimensions: Mapping[str, str]
) -> None:
    told = [(name, value) for name, of_name in values.items() for value in of_name]
    if not told:
        return
    metrics = _metrics()
    for dimension, of in dimensions.items():
        metrics.add_dimension(name=dimension, value=of)
    for name, value in told:
        metrics.add_metric(name=name, unit=unit, value=value)
    metrics.flush_metrics()
