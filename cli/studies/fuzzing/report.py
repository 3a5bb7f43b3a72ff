"""The findings of fuzzing, for people and programs."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cli.studies.fuzzing.tally import Tally


def write(tally: Tally, seconds: float, to: Path) -> None:
    pace = {"seconds": round(seconds, 1), "requests_per_second": round(tally.requests / seconds, 1)}
    to.parent.mkdir(exist_ok=True)
    told = {"wanted": tally.wanted, **pace, **tally.figures}
    to.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def tell(tally: Tally, seconds: float, console: Console) -> None:
    console.print(_shares(tally))
    for (operation, check), what in tally.findings.items():
        console.print(f"[red]{operation}: {check}[/red]\n{what}", markup=True)
    figures = tally.figures
    console.print(
        f"{tally.requests:,} requests in {seconds:.0f} s: {figures['answers_of_5xx']} of 5xx, "
        f"{figures['undocumented_statuses']} undocumented statuses, "
        f"{sum(tally.kinds.values())} findings in all."
    )
    for operation in figures["never_served"]:
        console.print(f"[yellow]{operation} was never served: little of it was tried.[/yellow]")


def _shares(tally: Tally) -> Table:
    """Statuses of each operation with their counts, to show that its success path was tested."""
    table = Table("operation", "statuses")
    for operation, shares in tally.figures["shares_of_statuses"].items():
        table.add_row(operation, "  ".join(f"{n:.0%} {status}" for status, n in shares.items()))
    return table
