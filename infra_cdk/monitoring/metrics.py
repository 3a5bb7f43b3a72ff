"""The metrics that the functions write themselves, all in one namespace.

What AWS measures anyway (requests, durations, depths of queues, the age of a stream's records) is
taken from its own namespaces and not paid for twice. The dimensions are bounded: `service` (the
function), `provider`, `reason` and `tenant`, and never two of the last three but provider and
reason together.
"""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

NAMESPACE = "TopK"
MINUTE = Duration.minutes(1)
FEWEST_ITEMS = 200
"""Items of half an hour, below which the share of those that cannot be read means nothing."""


def metric(
    name: str,
    *,
    service: str,
    statistic: str = "Sum",
    period: Duration = MINUTE,
    label: str | None = None,
    **dimensions: str,
) -> cloudwatch.Metric:
    """`name` as `service` writes it, by `dimensions`."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={"service": service, **dimensions},
        period=period,
        statistic=statistic,
        label=label,
    )


def of_provider(
    name: str, provider: str, *, statistic: str = "Maximum", period: Duration = MINUTE
) -> cloudwatch.Metric:
    """A metric that the crawl function writes for each provider."""
    return metric(
        name,
        service="crawl",
        statistic=statistic,
        period=period,
        provider=provider,
    )


def unreadable(provider: str) -> cloudwatch.IMetric:
    """The percentage of a provider's items that cannot be read, of half an hour."""
    window = Duration.minutes(30)
    bad, good = (f"{name}_{provider}" for name in ("bad", "good"))
    everything = f"(FILL({good}, 0) + FILL({bad}, 0))"
    return cloudwatch.MathExpression(
        expression=f"IF({everything} >= {FEWEST_ITEMS}, 100 * FILL({bad}, 0) / {everything}, 0)",
        using_metrics={
            bad: of_provider("ItemsUnreadable", provider, statistic="Sum", period=window),
            good: of_provider("ItemsRead", provider, statistic="Sum", period=window),
        },
        period=window,
        label="% of items that cannot be read",
    )
