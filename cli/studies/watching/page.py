"""The dashboards on a terminal: service, pipeline, providers, tenants."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group
from rich.table import Column, Table

from cli.studies.watching.figures import Wanted, of_api, of_function, of_service

Columns = Mapping[str, Wanted]
Rows = Mapping[str, Columns]
PAGE = (
    "Pipeline",
    "Freshness",
    "Archive",
    "Events",
    "Api",
    "Function",
    "Provider",
    "Pace",
    "Tenant",
)

_WHOLE = "all"


def rows(
    functions: Mapping[str, str], providers: Iterable[str], tenants: Iterable[str], api: str
) -> dict[str, Rows]:
    """The metrics that each table shows.

    `functions` maps a function's purpose to its deployed name, `api` is the id of the HTTP API.
    """
    names = list(providers)
    return {
        "Pipeline": {_WHOLE: _pipeline(functions.get("aggregate", ""))},
        "Freshness": {_WHOLE: _freshness()},
        "Archive": {_WHOLE: _archive(functions.get("archive", ""))},
        "Events": {_WHOLE: _events(functions.get("announce", ""))},
        "Api": {_WHOLE: _api(api)},
        "Function": {name: _function(name, deployed) for name, deployed in functions.items()},
        "Provider": {name: _provider(name) for name in names},
        "Pace": {name: _pace(name) for name in names},
        "Tenant": {name: _tenant(name) for name in tenants},
    }


def wanted(page: Mapping[str, Rows]) -> list[Wanted]:
    return [one for table in page.values() for row in table.values() for one in row.values()]


def shown(page: Mapping[str, Rows], known: Mapping[Wanted, float], about: str) -> Group:
    """The tables of known metrics, with a dot for no data, and then the functions without metrics.

    Rows without any figure are left out, so that the page fits a terminal.
    """
    measured = {title: _measured(table, known) for title, table in page.items()}
    tables = [_table(title, table, known) for title, table in measured.items() if table]
    heard = {_called(title, name) for title, table in measured.items() for name in table}
    everyone = dict.fromkeys(
        _called(title, name) for title, table in page.items() for name in table
    )
    silent = [one for one in everyone if one not in heard]
    last = [f"nothing measured: {', '.join(silent)}"] if silent else []
    return Group(about, *tables, *last)


def _called(title: str, name: str) -> str:
    return title.lower() if name == _WHOLE else name


def _measured(table: Rows, known: Mapping[Wanted, float]) -> Rows:
    return {
        name: columns
        for name, columns in table.items()
        if any(one in known for one in columns.values())
    }


def told_reasons(reasons: Mapping[str, Wanted], known: Mapping[Wanted, float]) -> str:
    """One line: the reasons for which crawls failed, with their counts."""
    told = [f"{name} {known[one]:,.0f}" for name, one in reasons.items() if known.get(one)]
    return f"not crawled: {', '.join(told) or 'none'}"


def _pipeline(aggregate: str) -> Columns:
    return {
        "due": of_service("Due", "dispatch"),
        "dispatched": of_service("Dispatched", "dispatch"),
        "behind s": of_service("DispatchBehind", "dispatch", "Maximum"),
        "stream ms": of_function("IteratorAge", aggregate, "Maximum"),
        "lists changed": of_service("ListsChanged", "aggregate"),
        "failed": of_service("ListsFailed", "aggregate"),
    }


def _freshness() -> Columns:
    return {
        "stale p50": of_service("Staleness", "crawl", "p50"),
        "stale p99": of_service("Staleness", "crawl", "p99"),
        "judged": of_service("CrawlsJudged", "crawl"),
        "late": of_service("CrawlsLate", "crawl"),
    }


def _archive(archive: str) -> Columns:
    return {
        "stream ms": of_function("IteratorAge", archive, "Maximum"),
        "chunks": of_service("ChunksArchived", "archive"),
        "unreadable": of_service("RowsUnreadable", "archive"),
    }


def _events(announce: str) -> Columns:
    return {
        "stream ms": of_function("IteratorAge", announce, "Maximum"),
        "told": of_service("Announced", "announce"),
        "failed": of_service("NotAnnounced", "announce"),
    }


def _function(name: str, deployed: str) -> Columns:
    return {
        "calls": of_function("Invocations", deployed),
        "errors": of_function("Errors", deployed),
        "throttles": of_function("Throttles", deployed),
        "p50 ms": of_function("Duration", deployed, "p50"),
        "p99 ms": of_function("Duration", deployed, "p99"),
        "cold": of_service("ColdStart", name),
        "5xx": of_service("ServerErrors", name),
    }


def _provider(name: str) -> Columns:
    return {
        title: of_service(metric, "crawl", provider=name)
        for title, metric in {
            "crawled": "Crawled",
            "plays new": "PlaysNew",
            "repeated": "PlaysRepeated",
            "gaps": "GapsSuspected",
            "skipped": "ItemsSkipped",
        }.items()
    }


def _pace(name: str) -> Columns:
    highest = {"queue s": "QueueAge", "wait s": "LongestWait", "shut": "BreakerOpen"}
    return {
        "stale p50": of_service("Staleness", "crawl", "p50", provider=name),
        "stale p99": of_service("Staleness", "crawl", "p99", provider=name),
        **{
            title: of_service(one, "crawl", "Maximum", provider=name)
            for title, one in highest.items()
        },
    }


def _api(api: str) -> Columns:
    return {
        "requests": of_api("Count", api),
        "p50 ms": of_api("Latency", api, "p50"),
        "p99 ms": of_api("Latency", api, "p99"),
        "4xx": of_api("4xx", api),
        "5xx": of_api("5xx", api),
    }


def _tenant(name: str) -> Columns:
    return {
        "crawled": of_service("Crawled", "crawl", tenant=name),
        "not": of_service("NotCrawled", "crawl", tenant=name),
        "plays": of_service("Plays", "crawl", tenant=name),
    }


def _table(title: str, table: Rows, known: Mapping[Wanted, float]) -> Table:
    titles: Sequence[str] = list(next(iter(table.values()), {}))
    made = Table(Column(title.lower(), no_wrap=True), *titles)
    for name, columns in table.items():
        made.add_row(name, *(_number(known.get(one)) for one in columns.values()))
    return made


def _number(value: float | None) -> str:
    return "·" if value is None else f"{value:,.0f}"
