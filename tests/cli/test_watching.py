"""The dashboards' figures on a terminal, read in few requests."""

import io
from typing import Any

from rich.console import Console

from cli.studies.watching.figures import NAMESPACE, of_function, of_service, read, reasons
from cli.studies.watching.page import PAGE, rows, shown, told_reasons, wanted

NOW = 1_795_348_800.0


class _CloudWatch:
    """Returns two minutes of every metric except those in `without`."""

    def __init__(self, without: str = "") -> None:
        self.without = without
        self.asked: list[Any] = []

    def get_metric_data(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        return {
            "MetricDataResults": [
                {
                    "Id": one["Id"],
                    "Values": []
                    if one["MetricStat"]["Metric"]["MetricName"] == self.without
                    else [3.0, 4.0],
                }
                for one in asked["MetricDataQueries"]
            ]
        }


def test_sums_are_added_and_other_statistics_use_the_highest_minute() -> None:
    summed, highest = of_service("Due", "dispatch"), of_function("Duration", "f", "p99")
    cloudwatch = _CloudWatch()
    assert read(cloudwatch, [summed, highest, summed], now=NOW, minutes=15) == {
        summed: 7.0,
        highest: 4.0,
    }
    [asked] = cloudwatch.asked
    assert len(asked["MetricDataQueries"]) == 2
    assert asked["StartTime"].timestamp() == NOW - 900
    metric = asked["MetricDataQueries"][0]["MetricStat"]["Metric"]
    assert (metric["Namespace"], metric["MetricName"]) == (NAMESPACE, "Due")


def test_no_request_exceeds_cloudwatchs_limit() -> None:
    cloudwatch = _CloudWatch()
    read(cloudwatch, [of_service(f"m{n}", "crawl") for n in range(1200)], now=NOW, minutes=1)
    assert [len(asked["MetricDataQueries"]) for asked in cloudwatch.asked] == [500, 500, 200]


def test_the_page_has_all_rows_and_a_dot_for_missing_values() -> None:
    page = rows({"read": "topk-read"}, ["spotify", "youtube"], ["harbor"], "fakeapi1")
    assert tuple(page) == PAGE
    known = read(_CloudWatch(without="GapsSuspected"), wanted(page), now=NOW, minutes=1)
    out = io.StringIO()
    Console(file=out, width=200).print(shown(page, known, "the last minute"))
    lines = out.getvalue().splitlines()
    for name in ("read", "spotify", "youtube", "harbor"):
        found = [line for line in lines if f" {name} " in line]
        assert any("·" in line for line in found) == (name in {"spotify", "youtube"})
        assert len(found) == (2 if name in {"spotify", "youtube"} else 1)


def test_subjects_without_data_share_one_line() -> None:
    page = rows({"read": "topk-read"}, ["spotify", "youtube"], ["harbor"], "fakeapi1")
    known = read(_CloudWatch(), page["Provider"]["spotify"].values(), now=NOW, minutes=1)
    out = io.StringIO()
    Console(file=out, width=200).print(shown(page, known, "the last minute"))
    lines = out.getvalue().splitlines()
    assert len([line for line in lines if " spotify " in line]) == 1
    silent = "pipeline, freshness, archive, events, api, read, youtube, harbor"
    assert lines[-1] == f"nothing measured: {silent}"


def test_a_row_shows_the_apis_metrics() -> None:
    page = rows({}, [], ["harbor"], "fakeapi1")
    asked = {(one.namespace, one.metric, one.statistic, one.dimensions) for one in wanted(page)}
    of_api = (("ApiId", "fakeapi1"),)
    assert ("AWS/ApiGateway", "Latency", "p99", of_api) in asked
    assert ("AWS/ApiGateway", "5xx", "Sum", of_api) in asked


def test_no_title_is_cut_on_a_terminal_of_80_columns() -> None:
    page = rows({"aggregate": "topk-aggregate"}, ["listenbrainz"], ["harbor"], "fakeapi1")
    known = read(_CloudWatch(), wanted(page), now=NOW, minutes=1)
    out = io.StringIO()
    Console(file=out, width=80).print(shown(page, known, "the last minute"))
    assert "…" not in out.getvalue()


class _Listed(_CloudWatch):
    """Returns counts of failed crawls for two reasons."""

    def get_paginator(self, _: str) -> "_Listed":
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        def metric(**dimensions: str) -> dict[str, Any]:
            return {"Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()]}

        return [
            {"Metrics": [metric(service="crawl", provider="youtube", reason="lost_race")]},
            {"Metrics": [metric(service="crawl", provider="spotify", reason="rate_limited")]},
            {"Metrics": [metric(service="crawl", tenant="harbor")]},
        ]


def test_failed_crawls_are_shown_by_provider_and_reason() -> None:
    cloudwatch = _Listed()
    why = reasons(cloudwatch)
    known = read(cloudwatch, why.values(), now=NOW, minutes=1)
    line = "not crawled: spotify: rate_limited 7, youtube: lost_race 7"
    assert told_reasons(why, known) == line
    assert told_reasons(why, {}) == "not crawled: none"
