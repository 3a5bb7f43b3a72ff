"""The dashboards show every function, provider and tenant."""

import json
from typing import Any

import pytest

from infra_cdk.functions.declarations import SPECS
from tests.infra.templates import properties, stateless
from tests.synthesis import Target, context

TARGETS = pytest.mark.parametrize("target", ["local", "aws"])
ROWS = {"invocations", "errors, throttles", "duration", "cold starts"}


def _page(target: Target, name: str) -> str:
    """The body of a dashboard as JSON, with a placeholder for each reference."""
    (found,) = [
        one["DashboardBody"]
        for key, one in properties(stateless(target), "CloudWatch::Dashboard").items()
        if key.startswith(f"Dashboard{name}")
    ]
    return "".join(
        part
        if isinstance(part, str)
        else next(iter(part.values()))
        if "Ref" in part
        else "reference"
        for part in found["Fn::Join"][1]
    )


def _widgets(target: Target, name: str) -> list[dict[str, Any]]:
    widgets: list[dict[str, Any]] = json.loads(_page(target, name))["widgets"]
    return widgets


@TARGETS
@pytest.mark.parametrize("function", SPECS)
def test_every_function_has_its_rows(target: Target, function: str) -> None:
    shown = {
        widget["properties"]["title"].removeprefix(f"{function}: "): json.dumps(widget)
        for widget in _widgets(target, "Service")
        if widget["properties"].get("title", "").startswith(f"{function}: ")
    }
    assert set(shown) == ROWS
    for title in ROWS - {"cold starts"}:
        assert f"Function{function.capitalize()}" in shown[title]


@TARGETS
def test_every_provider_and_tenants_by_search_are_shown(target: Target) -> None:
    declared = context("aws")
    for provider in declared["providers"]:
        assert f"## {provider}" in _page(target, "Provider")
    assert "SEARCH(" in _page(target, "Tenant")


@TARGETS
@pytest.mark.parametrize(
    ("page", "metrics"),
    [
        ("Pipeline", ["Due", "Dispatched", "DispatchBehind", "IteratorAge", "Staleness",
                      "ApproximateNumberOfMessagesVisible"]),
        ("Provider", ["Crawled", "NotCrawled", "PlaysNew", "PlaysRepeated", "GapsSuspected",
                      "PlaysOnlyCrawled", "BreakerOpen", "LongestWait", "QueueAge"]),
        ("Service", ["ColdStart", "CrawlsLate", "Latency", "5xx", "Duration"]),
        ("Tenant", ["Crawled", "NotCrawled", "Plays"]),
    ],
)  # fmt: skip
def test_the_key_figures_are_shown(target: Target, page: str, metrics: list[str]) -> None:
    body = _page(target, page)
    assert [name for name in metrics if f'"{name}"' not in body and f'\\"{name}' not in body] == []
