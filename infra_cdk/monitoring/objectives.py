"""Service level objectives and alarms on their burn rates.

An objective allows a share of bad events. Burning 14.4 times too fast for an hour uses 2 % of a
month's budget; 6 times for six hours uses 5 %. The short window beside each long one ends the alarm
soon after the fault. Source: Google, The Site Reliability Workbook, chapter 5.
"""

from collections.abc import Callable
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.api.http_api import Api
from infra_cdk.config import Deployment
from infra_cdk.monitoring.alarms import Alarms
from infra_cdk.monitoring.metrics import Metrics

READ_MILLISECONDS = 200
SLOW_PERCENT = 1.0
"""p99 below READ_MILLISECONDS: one request in a hundred may be slower."""
UNAVAILABLE_PERCENT = 0.1
LATE_PERCENT = 1.0
"""Share of crawls whose connection had not been crawled for more than 26 h beyond its cadence."""
FEWEST = 20
"""Minimum number of requests in a window."""

Share = Callable[[Duration], cloudwatch.IMetric]
"""The percentage of bad events over a window."""


@dataclass(frozen=True, slots=True)
class _Burn:
    name: str
    long: Duration
    short: Duration
    rate: float


_BURNS = (
    _Burn("Fast", Duration.hours(1), Duration.minutes(5), 14.4),
    _Burn("Slow", Duration.hours(6), Duration.minutes(30), 6),
)


class Objectives(cdk.Stack):
    """The alarms on objectives, in a stack of their own: each takes three resources, of which a
    stack may have 500. They notify `topic`.
    """

    def __init__(
        self,
        scope: Construct,
        deployment: Deployment,
        *,
        topic: sns.ITopic,
        api: Api,
    ) -> None:
        super().__init__(
            scope,
            outputs.objectives_stack(deployment.name),
            description=f"TopK {deployment.name}: alarms on objectives",
            tags=deployment.tags,
            env=cdk.Environment(region=deployment.stage.region),
            termination_protection=deployment.stage.protected,
        )
        _objectives(Alarms(self, stage=deployment.name, topic=topic), api)


def _objectives(alarms: Alarms, api: Api) -> None:
    """Burn rate alarms of the API and of crawl freshness."""
    _objective(
        alarms,
        "ApiUnavailable",
        unavailable(api),
        UNAVAILABLE_PERCENT,
        says="Too many requests fail for 99.9 % to be answered",
        runbook="api-unavailable",
    )
    _objective(
        alarms,
        "ApiSlow",
        slow(api),
        SLOW_PERCENT,
        says=f"Too many requests take {READ_MILLISECONDS} ms or more",
        runbook="api-slow",
    )
    _objective(
        alarms,
        "CrawlsLate",
        late(alarms.metrics),
        LATE_PERCENT,
        says="Too many connections are crawled later than 26 h after they should have been",
        runbook="crawls-late",
    )


def unavailable(api: Api) -> Share:
    return lambda window: cloudwatch.MathExpression(
        expression=f"IF(all >= {FEWEST}, 100 * bad / all, 0)",
        using_metrics={
            "bad": api.api.metric_server_error(statistic="Sum", period=window),
            "all": api.api.metric_count(statistic="SampleCount", period=window),
        },
        period=window,
        label="% of requests that failed",
    )


def slow(api: Api) -> Share:
    # A percentile rank: the share of requests served in time.
    return lambda window: cloudwatch.MathExpression(
        expression=f"IF(all >= {FEWEST}, 100 - in_time, 0)",
        using_metrics={
            "in_time": api.api.metric_latency(statistic=f"PR(:{READ_MILLISECONDS})", period=window),
            "all": api.api.metric_count(statistic="SampleCount", period=window),
        },
        period=window,
        label=f"% of requests of {READ_MILLISECONDS} ms or more",
    )


def late(metrics: Metrics) -> Share:
    return lambda window: cloudwatch.MathExpression(
        expression=f"IF(all >= {FEWEST}, 100 * late / all, 0)",
        using_metrics={
            "late": metrics.of("CrawlsLate", service="crawl", period=window),
            "all": metrics.of("CrawlsJudged", service="crawl", period=window),
        },
        period=window,
        label="% of crawls more than 26 h late",
    )


def _objective(
    alarms: Alarms, name: str, share: Share, allowed: float, *, says: str, runbook: str
) -> None:
    for burn in _BURNS:
        reaches = burn.rate * allowed
        part = f"Part of {name}{burn.name}, which tells"
        windows = {"Long": burn.long, "Short": burn.short}
        parts = [
            alarms.watch(f"{name}{burn.name}{which}", share(window), reaches=reaches, says=part)
            for which, window in windows.items()
        ]
        alarms.when_all(f"{name}{burn.name}", parts, says=says, runbook=runbook)
