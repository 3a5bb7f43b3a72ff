"""The dashboards on a terminal: service, pipeline, providers, tenants."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group
from rich.table import Column, Table

from cli.watching.figures import Wanted, of_function, of_service

Columns = Mapping[str, Wanted]
Rows = Mapping[str, Columns]
PAGE = ("Pipeline", "Function", "Provider", "Tenant")


def rows(
    functions: Mapping[str, str], providers: Iterable[str], tenants: Iterable[str]
) -> dict[str, Rows]:
    """What each table wants to know. `functions` are deployed names by what they do."""
    return {
        "Pipeline": {"all": _pipeline()},
        "Function": {name: _function(name, deployed) for name, deployed in functions.items()},
        "Provider": {name: _provider(name) for name in providers},
        "Tenant": {name: _tenant(name) for name in tenants},
    }


def wanted(page: Mapping[str, Rows]) -> list[Wanted]:
    return [one for table in page.values() for row in table.values() for one in row.values()]


def shown(page: Mapping[str, Rows], known: Mapping[Wanted, float], about: str) -> Group:
    """The tables with what is known; a dot where nothing was measured."""
    return Group(about, *(_table(title, table, known) for title, table in page.items()))


def _pipeline() -> Columns:
    return {
        "due": of_service("Due", "dispatch"),
        "dispatched": of_service("Dispatched", "dispatch"),
        "behind s": of_service("DispatchBehind", "dispatch", "Maximum"),
        "staleness p50": of_service("Staleness", "crawl", "p50"),
        "p99": of_service("Staleness", "crawl", "p99"),
        "late": of_service("CrawlsLate", "crawl"),
        "lists changed": of_service("ListsChanged", "aggregate"),
        "failed": of_service("ListsFailed", "aggregate"),
    }


def _function(name: str, deployed: str) -> Columns:
    return {
        "invocations": of_function("Invocations", deployed),
        "errors": of_function("Errors", deployed),
        "throttles": of_function("Throttles", deployed),
        "p50 ms": of_function("Duration", deployed, "p50"),
        "p99 ms": of_function("Duration", deployed, "p99"),
        "cold starts": of_service("ColdStart", name),
        "answered 5xx": of_service("ServerErrors", name),
    }


def _provider(name: str) -> Columns:
    sums = {
        "crawled": "Crawled",
        "new plays": "PlaysNew",
        "repeated": "PlaysRepeated",
        "gaps": "GapsSuspected",
    }
    highest = {"queue s": "QueueAge", "wait s": "LongestWait", "shut": "BreakerOpen"}
    return {
        **{title: of_service(one, "crawl", provider=name) for title, one in sums.items()},
        "stale p50": of_service("Staleness", "crawl", "p50", provider=name),
        "p99": of_service("Staleness", "crawl", "p99", provider=name),
        **{
            title: of_service(one, "crawl", "Maximum", provider=name)
            for title, one in highest.items()
        },
    }


def _tenant(name: str) -> Columns:
    return {
        title: of_service(metric, "crawl", tenant=name)
        for title, metric in {
            "crawled": "Crawled",
            "not crawled": "NotCrawled",
            "plays": "Plays",
        }.items()
    }


def _table(title: str, table: Rows, known: Mapping[Wanted, float]) -> Table:
    titles: Sequence[str] = list(next(iter(table.values()), {}))
    made = Table(Column(title.lower(), no_wrap=True), *titles)
    for name, columns in table.items():
        made.add_row(name, *(_number(known.get(one)) for one in columns.values()))
    return made


def _number(value: float | None) -> str:
    return "·" if value is None else f"{value:,.0f}"
