"""The figures of the dashboards for the last minutes, from CloudWatch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra_cdk import outputs

NAMESPACE = outputs.metrics_namespace("local")
MOST_QUERIES = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """One number: a statistic (`Sum`, `Maximum`, `p99`) of a metric, by its dimensions."""

    metric: str
    statistic: str
    dimensions: tuple[tuple[str, str], ...]
    namespace: str = NAMESPACE


def of_service(metric: str, service: str, statistic: str = "Sum", **dimensions: str) -> Wanted:
    return Wanted(metric, statistic, (("service", service), *dimensions.items()))


def of_function(metric: str, function: str, statistic: str = "Sum") -> Wanted:
    """A metric that Lambda records; `function` is the deployed name."""
    return Wanted(metric, statistic, (("FunctionName", function),), "AWS/Lambda")


def of_api(metric: str, api: str, statistic: str = "Sum") -> Wanted:
    """A metric that API Gateway records; `api` is the API's id."""
    return Wanted(metric, statistic, (("ApiId", api),), "AWS/ApiGateway")


def reasons(cloudwatch: Any) -> dict[str, Wanted]:
    """Reasons for which crawls failed, each as "provider: reason"; those without a count are left
    out.

    `cloudwatch` is a client of CloudWatch.
    """
    pages = cloudwatch.get_paginator("list_metrics").paginate(
        Namespace=NAMESPACE, MetricName="NotCrawled"
    )
    known = (
        {one["Name"]: one["Value"] for one in metric["Dimensions"]}
        for page in pages
        for metric in page["Metrics"]
    )
    found = {
        f"{one['provider']}: {one['reason']}": of_service(
            "NotCrawled", one["service"], provider=one["provider"], reason=one["reason"]
        )
        for one in known
        if "reason" in one
    }
    return dict(sorted(found.items()))


def read(
    cloudwatch: Any, wanted: Iterable[Wanted], *, now: float, minutes: int
) -> Mapping[Wanted, float]:
    """Their values over the `minutes` before `now` (epoch seconds); metrics without a value are
    left out.

    `cloudwatch` is a client of CloudWatch. Sums cover all the minutes; percentiles and maxima are
    the highest of any minute.
    """
    asked = list(dict.fromkeys(wanted))
    end = datetime.fromtimestamp(now, UTC)
    found: dict[Wanted, float] = {}
    for first in range(0, len(asked), MOST_QUERIES):
        part = asked[first : first + MOST_QUERIES]
        answer = cloudwatch.get_metric_data(
            MetricDataQueries=[_query(at, one) for at, one in enumerate(part)],
            StartTime=end - timedelta(minutes=minutes),
            EndTime=end + timedelta(minutes=1),
        )
        for result in answer["MetricDataResults"]:
            one, values = part[int(result["Id"][1:])], result["Values"]
            if values:
                found[one] = sum(values) if one.statistic == "Sum" else max(values)
    return found


def _query(at: int, one: Wanted) -> dict[str, Any]:
    return {
        "Id": f"m{at}",
        "MetricStat": {
            "Metric": {
                "Namespace": one.namespace,
                "MetricName": one.metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in one.dimensions],
            },
            "Period": 60,
            "Stat": one.statistic,
        },
    }
