"""The results of a load run as tables."""

from collections.abc import Iterator

from rich.table import Table

from simulator.load.mix import SHARES
from simulator.load.results import EDGES_MS, QUANTILES, Summary

_WIDTH = 50


def tables(found: Summary) -> Iterator[Table]:
    yield _latencies(found)
    yield _histogram(found)
    if found.errors:
        yield _errors(found)


def _latencies(found: Summary) -> Table:
    table = Table("request", "share", title="Latency in ms, from the intended start")
    for name in QUANTILES:
        table.add_column(name, justify="right")
    for kind, quantiles in sorted(found.latency_ms.items()):
        share = f"{SHARES[kind]}%" if kind in SHARES else ""
        table.add_row(kind, share, *(f"{value:.1f}" for value in quantiles.values()))
    late = (f"{value:.1f}" for value in found.held_up_ms.values())
    table.add_row("sent late by (part of the above)", "", *late)
    return table


def _histogram(found: Summary) -> Table:
    table = Table("up to", "requests", "", title="Spread of latency")
    most = max(found.spread, default=0) or 1
    for edge, count in zip((*(f"{one} ms" for one in EDGES_MS), "more"), found.spread, strict=True):
        table.add_row(edge, str(count), "█" * round(_WIDTH * count / most))
    return table


def _errors(found: Summary) -> Table:
    table = Table("request: error", "times", title="Errors")
    for error, times in sorted(found.errors.items()):
        table.add_row(error, str(times))
    return table
