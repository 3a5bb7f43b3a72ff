"""Tables of what `topk tenancy` measured, and what must hold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

LIMIT = 100
"""Requests a second of each tenant, five times what the largest usually sends."""
SECONDS = 60
"""Of the load that is measured."""
LATE = 30.0
"""The latency of a request that failed (seconds)."""
MOST_CHANGE = 0.1
"""Of the p99 of the others, while one is busy."""
MOST_SECONDS_TO_ADD = 60.0
USUAL, LIMITED, UNLIMITED = "usual load", "busy, with limits", "busy, without limits"


BUSY_TITLE = f"One tenant at a hundred times the load for {SECONDS} s, in virtual time"
BUSY_COLUMNS = ("run", "p50", "p99", "change", "failed", "busy/s", "429/s", "writes", "calls")
BUSY_NOTE = (
    "Latencies of reads of the other tenants, and how many of them failed; requests a second of "
    "the busy tenant that were answered and refused; writes in the table of buckets, and other "
    "calls, for each answered read."
)
COSTS_TITLE = "A crawl with its list, and a read of a profile, by the number of tenants"
COSTS_COLUMNS = ("tenants", "write units", "read units", "requests", "read units of a read")
MEMORY_TITLE = "Memory of a process by the number of tenants that it served"
MEMORY_COLUMNS = ("tenants served", "peak memory")
DEPLOYED_TITLE = "Tenants on the emulator"
DEPLOYED_COLUMNS = ("figure", "value")


def busy_rows(runs: Mapping[str, Mapping[str, Any]]) -> list[Sequence[str]]:
    return [
        (
            name,
            _ms(one["others_p50"]),
            _ms(one["others_p99"]),
            "" if one["others_p99"] == LATE else _percent(_change(runs, name)),
            _percent(one["failed"] / one["others"]),
            f"{one['answered']:.0f}",
            f"{one['refused']:.0f}",
            _percent(one["counted"]),
            f"{one['round_trips']:.2f}",
        )
        for name, one in runs.items()
    ]


def costs_rows(found: Sequence[Mapping[str, Any]]) -> list[Sequence[str]]:
    names = ("crawl_write", "crawl_read", "crawl_requests", "read")
    return [(f"{one['tenants']:,}", *(f"{one[name]:.2f}" for name in names)) for one in found]


def memory_rows(kept: Sequence[Mapping[str, Any]]) -> list[Sequence[str]]:
    return [(f"{one['tenants']:,}", f"{one['resident_mb']:.0f} MB") for one in kept]


def deployed_rows(found: Mapping[str, Any]) -> list[Sequence[str]]:
    added, flooded = found["added"], found["flooded"]
    return [
        ("tenants added", f"{added['tenants']:,}"),
        ("adding one, p50", f"{added['p50']:.3f} s"),
        ("adding one, p99", f"{added['p99']:.3f} s"),
        ("resources of the stacks before", str(added["resources_before"])),
        ("resources of the stacks after", str(added["resources_after"])),
        ("pairs of tenants whose tokens were tried on each other", str(found["pairs"])),
        ("of these, what one reached of the other", str(len(found["leaks"]))),
        ("responses to the busy tenant", _statuses(flooded["busy"])),
        ("its longest Retry-After", f"{flooded['retry_after']} s"),
        ("responses to others meanwhile", _statuses(flooded["others"])),
    ]


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """The first column is text, the others are figures."""
    made = Table(columns[0], title=title, title_justify="left")
    for column in columns[1:]:
        made.add_column(column, justify="right")
    for row in rows:
        made.add_row(*row)
    return made


def faults_of_busy(runs: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    moved = _change(runs, LIMITED)
    if not moved < MOST_CHANGE:
        yield f"the p99 of the others moved by {_percent(moved)}"
    if runs[USUAL]["failed"] or runs[USUAL]["refused"]:
        yield "requests failed at the usual load"
    if not 0.8 * LIMIT <= runs[LIMITED]["answered"] <= 1.2 * LIMIT:
        yield f"the busy tenant got {runs[LIMITED]['answered']:.0f} requests a second"


def faults_of_deployed(found: Mapping[str, Any]) -> Iterator[str]:
    added, flooded = found["added"], found["flooded"]
    if added["p99"] > MOST_SECONDS_TO_ADD:
        yield f"adding took {added['p99']:.0f} s"
    if added["resources_before"] != added["resources_after"]:
        yield "the stacks have other resources"
    yield from found["leaks"]
    if set(flooded["busy"]) != {"200", "429"} or not flooded["retry_after"]:
        yield f"the busy tenant got {_statuses(flooded['busy'])}"
    if set(flooded["others"]) != {"200"}:
        yield f"the others got {_statuses(flooded['others'])}"


def _change(runs: Mapping[str, Mapping[str, Any]], name: str) -> float:
    return float(runs[name]["others_p99"] / runs[USUAL]["others_p99"] - 1)


def _statuses(found: Mapping[str, int]) -> str:
    return ", ".join(f"{number} times {status}" for status, number in sorted(found.items()))


def _ms(seconds: float) -> str:
    """No time if more requests failed than the percentile leaves out."""
    if seconds == LATE:
        return "failed"
    return f"{seconds * 1000:.1f} ms"


def _percent(share: float) -> str:
    return f"{share:.1%}"
