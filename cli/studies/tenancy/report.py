"""Tables of the figures in out/tenancy.json, and what they must hold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from cli.studies.tenancy.busy import LIMIT, MOST_CHANGE, SECONDS

MOST_SECONDS_TO_ADD = 60.0
USUAL, LIMITED, UNLIMITED = "usual load", "busy, with limits", "busy, without limits"


def busy_table(runs: Mapping[str, Mapping[str, Any]]) -> Table:
    title = (
        f"One tenant at a hundred times the load for {SECONDS} s, in virtual time: latencies and "
        "failures of the others, what the busy one gets, writes and calls of an answered read"
    )
    table = Table("run", title=title, title_justify="left")
    for column in ("p50", "p99", "change", "failed", "busy/s"):
        table.add_column(column, justify="right")
    table.add_column("429/s", justify="right")
    table.add_column("writes", justify="right")
    table.add_column("calls", justify="right")
    for name, one in runs.items():
        table.add_row(
            name,
            _ms(one["others_p50"]),
            _ms(one["others_p99"]),
            _percent(_change(runs, name)),
            f"{one['failed'] / one['others']:.1%}",
            f"{one['answered']:.0f}",
            f"{one['refused']:.0f}",
            _percent(one["counted"]),
            f"{one['round_trips']:.2f}",
        )
    return table


def memory_table(kept: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("tenants served", "peak memory", title="Memory of a process")
    for one in kept:
        table.add_row(f"{one['tenants']:,}", f"{one['resident_mb']:.0f} MB")
    return table


def costs_table(found: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("tenants", title="A crawl with its list, and a read of a profile")
    columns = ("write units of a crawl", "read units", "requests", "read units of a read")
    for column in (*columns, "items of a read"):
        table.add_column(column, justify="right")
    for one in found:
        cells = (one["crawl_write"], one["crawl_read"], one["crawl_requests"], one["read"])
        table.add_row(
            f"{one['tenants']:,}",
            *(f"{cell:.2f}" for cell in cells),
            f"{one['read_requests']:.2f}",
        )
    return table


def deployed_table(found: Mapping[str, Any]) -> Table:
    added, flooded = found["added"], found["flooded"]
    table = Table("figure", "value", title="On the emulator", title_justify="left")
    for name, value in (
        ("tenants added", f"{added['tenants']:,}"),
        ("adding one, p50", f"{added['p50']:.3f} s"),
        ("adding one, p99", f"{added['p99']:.3f} s"),
        ("resources of the stacks before", str(added["resources_before"])),
        ("resources of the stacks after", str(added["resources_after"])),
        ("pairs of tenants, leaks", f"{found['pairs']}, {len(found['leaks'])}"),
        ("busy tenant: responses by status", _statuses(flooded["busy"])),
        ("longest Retry-After", f"{flooded['retry_after']} s"),
        ("others meanwhile", _statuses(flooded["others"])),
    ):
        table.add_row(name, value)
    return table


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
    return f"{seconds * 1000:.1f} ms"


def _percent(share: float) -> str:
    return f"{share:.1%}"
