"""The metrics that the functions write themselves, in a namespace of their stage.

What AWS measures anyway (requests, durations, depths of queues, the age of a stream's records) is
taken from its own namespaces and not paid for twice. The dimensions are bounded: `service` (the
function) and its `version`, `provider`, `reason` and `tenant`, and never two of the last three but
provider and reason together.
"""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra_cdk import outputs

MINUTE = Duration.minutes(1)
FEWEST_ITEMS = 200
"""Items of half an hour, below which the share of those that cannot be read means nothing."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics of one stage."""

    stage: str

    @property
    def namespace(self) -> str:
        return outputs.metrics_namespace(self.stage)

    def of(
        self,
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
            namespace=self.namespace,
            metric_name=name,
            dimensions_map={"service": service, **dimensions},
            period=period,
            statistic=statistic,
            label=label,
        )

    def of_provider(
        self, name: str, provider: str, *, statistic: str = "Maximum", period: Duration = MINUTE
    ) -> cloudwatch.Metric:
        """A metric that the crawl function writes for each provider."""
        return self.of(name, service="crawl", statistic=statistic, period=period, provider=provider)

    def unreadable(self, provider: str) -> cloudwatch.IMetric:
        """The percentage of a provider's items that cannot be read, of half an hour."""
        window = Duration.minutes(30)
        bad, good = (f"{name}_{provider}" for name in ("bad", "good"))
        everything = f"(FILL({good}, 0) + FILL({bad}, 0))"
        share = f"100 * FILL({bad}, 0) / {everything}"
        sums = {
            name: self.of_provider(metric, provider, statistic="Sum", period=window)
            for name, metric in ((bad, "ItemsUnreadable"), (good, "ItemsRead"))
        }
        return cloudwatch.MathExpression(
            expression=f"IF({everything} >= {FEWEST_ITEMS}, {share}, 0)",
            using_metrics=sums,
            period=window,
            label="% of items that cannot be read",
        )
