"""The figures on a terminal: those of the dashboards, read in few requests."""

import io
from typing import Any

from rich.console import Console

from cli.watching.figures import NAMESPACE, of_function, of_service, read
from cli.watching.page import PAGE, rows, shown, wanted

NOW = 1_795_348_800.0


class _CloudWatch:
    """Tells two minutes of every metric, but nothing of those `without`."""

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


def test_sums_are_added_up_and_of_all_else_the_highest_minute_counts() -> None:
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


def test_no_request_asks_for_more_than_cloudwatch_answers() -> None:
    cloudwatch = _CloudWatch()
    read(cloudwatch, [of_service(f"m{n}", "crawl") for n in range(1200)], now=NOW, minutes=1)
    assert [len(asked["MetricDataQueries"]) for asked in cloudwatch.asked] == [500, 500, 200]


def test_the_page_has_a_row_for_each_and_a_dot_where_nothing_is_known() -> None:
    page = rows({"read": "topk-read"}, ["spotify", "youtube"], ["harbor"])
    assert tuple(page) == PAGE
    known = read(_CloudWatch(without="GapsSuspected"), wanted(page), now=NOW, minutes=1)
    out = io.StringIO()
    Console(file=out, width=200).print(shown(page, known, "the last minute"))
    lines = out.getvalue().splitlines()
    for name in ("read", "spotify", "youtube", "harbor"):
        [line] = [line for line in lines if f" {name} " in line]
        assert ("·" in line) == (name in {"spotify", "youtube"})
