"""Results of a run with network faults: a table, and figures for comparison."""

from typing import Any

from rich.table import Table

from cli.studies.wire.faults import Fault
from cli.studies.wire.run import Result


def figures(result: Result) -> dict[str, Any]:
    """The contents of out/chaos-wire.json. Times in seconds."""
    return {
        "lists": result.users,
        "lists_exact": result.exact,
        "faults": dict(result.faults),
        "calls": result.calls,
        "injected": dict(result.injected),
        "killed": result.killed,
        "seconds": result.seconds,
    }


def table(result: Result) -> Table:
    shown = Table("what happened", "times", title="Network faults")
    shown.columns[1].justify = "right"
    for fault in Fault:
        shown.add_row(fault.value, f"{result.injected.get(fault.name.lower(), 0):,}")
    for name, times in sorted(result.killed.items()):
        shown.add_row(f"a {name} process is killed while it works", f"{times:,}")
    shown.caption = (
        f"{result.exact} of {result.users} lists exact after healing; {result.calls:,} calls"
    )
    return shown
