"""Results of the demonstration: a table to read, and figures to compare."""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.run import Result
from cli.studies.watching.figures import NAMESPACE

FIRST_TENANT = "harbor"


def figures(result: Result, stack: LocalStack) -> dict[str, Any]:
    """The contents of out/demo.json. Times in seconds; crawls and plays as the service counts
    them in its own metrics.
    """
    counted = {name: _metric(stack, name) for name in ("Crawled", "Plays", "ListensPushed")}
    return {
        "api_url": stack.api_urls[FIRST_TENANT],
        "api_urls": stack.api_urls,
        "host_app_url": f"{stack.world_url}/host/{FIRST_TENANT}",
        "simulator_url": stack.world_url,
        "users": result.users,
        "connections": result.connections,
        "crawls": counted["Crawled"],
        "plays": counted["Plays"],
        "plays_pushed": counted["ListensPushed"],
        "plays_true": result.plays_true,
        "plays_obtainable": result.plays_obtainable,
        "lists_checked": result.lists_checked,
        "lists_exact": result.lists_exact,
        "faults": result.faults,
        "first_list_seconds": {
            "p50": percentile(result.first_list_seconds, 50),
            "p99": percentile(result.first_list_seconds, 99),
        },
        "seconds": result.seconds,
    }


def percentile(values: Sequence[float], rank: int) -> float | None:
    """The `rank`-th percentile; None without measurements."""
    if len(values) < 2:
        return round(values[0], 2) if values else None
    return round(statistics.quantiles(values, n=100, method="inclusive")[rank - 1], 2)


def write(found: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def table(found: dict[str, Any]) -> Table:
    first = found["first_list_seconds"]
    shown = Table("what", "figure", title="The week in figures")
    for what, figure in (
        ("listeners", found["users"]),
        ("connected accounts", found["connections"]),
        ("crawls", found["crawls"]),
        ("plays collected", found["plays"]),
        ("plays pushed", found["plays_pushed"]),
        ("plays in the windows, reported by a provider", found["plays_obtainable"]),
        ("plays in the windows, listened to", found["plays_true"]),
        ("seconds from connect to first list, p50 / p99", f"{first['p50']} / {first['p99']}"),
        ("lists exact of lists checked", f"{found['lists_exact']} of {found['lists_checked']}"),
    ):
        shown.add_row(what, str(figure))
    return shown


def _metric(stack: LocalStack, name: str) -> int:
    """The sum of a metric of the crawl function over all providers."""
    cloudwatch = stack.client("cloudwatch")
    listed = cloudwatch.list_metrics(Namespace=NAMESPACE, MetricName=name)["Metrics"]
    total = 0.0
    for metric in listed:
        answer = cloudwatch.get_metric_statistics(
            Namespace=NAMESPACE,
            MetricName=name,
            Dimensions=metric["Dimensions"],
            StartTime="2026-01-01T00:00:00Z",
            EndTime="2100-01-01T00:00:00Z",
            Period=86_400 * 365,
            Statistics=["Sum"],
        )
        total += sum(point["Sum"] for point in answer["Datapoints"])
    return int(total)
