"""Logs as JSON lines and metrics as CloudWatch embedded metrics, by Powertools.

Nothing of a user but the owner's id goes into a log, and never a token, a title or a body.
"""

from collections.abc import Mapping
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
    """Writes `counts` (metric name -> count) as one embedded metric line; zeros are left out."""
    counted = {name: value for name, value in counts.items() if value}
    if not counted:
        return
    metrics = _metrics()
    for name, value in counted.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
    for dimension, of in dimensions.items():
        metrics.add_dimension(name=dimension, value=of)
    metrics.flush_metrics()
