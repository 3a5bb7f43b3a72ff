"""`topk bench`: CPU time, memory and capacity units of each operation, beside a naive design."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.progress import shown

if TYPE_CHECKING:
    from cli.studies.benchmark.report import Row

OUT = Path("out")


class Latency(StrEnum):
    AWS = "aws"
    """The table in simulator/aws/latencies.json."""


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{out} cannot be created: {error.strerror}") from error
    return out


def bench(
    quick: Annotated[
        bool,
        typer.Option(
            help="Run a little of everything to check that it works; the figures mean nothing."
        ),
    ] = False,
    latency: Annotated[
        Latency | None,
        typer.Option(
            help="Measure only how long invocations take: with AWS that answers at once, and with "
            "the latency of AWS."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(callback=_folder, help="Folder of bench.json.")] = OUT,
) -> None:
    """Measure what each operation costs, beside a naive design.

    Counts the CPU time of the measured process only; providers and AWS run in another one. Writes
    bench.json, which `topk capacity` reads, or waiting.json with `--latency`.
    """
    if latency:
        _measure_waiting(out, quick=quick)
        return
    from cli.studies.benchmark.report import figures, rows
    from cli.studies.benchmark.run import STEPS, run

    console = Console()
    with shown(STEPS, console) as begin:
        found = run(quick=quick, on_step=begin)
    written = out / "bench.json"
    written.write_text(json.dumps(figures(found), indent=2) + "\n", encoding="utf-8")
    table = Table("operation", "", title="CPU time of one core, medians", title_justify="left")
    for column in ("ours", "target", "naive", "better by"):
        table.add_column(column, justify="right")
    for row in rows(found):
        table.add_row(*_cells(row))
    console.print(table)
    console.print(f"Written: {written}", soft_wrap=True)


def _measure_waiting(out: Path, *, quick: bool) -> None:
    from cli.studies.benchmark.run import WAITING, run

    console = Console()
    with shown((WAITING,), console) as begin:
        [found] = run(quick=quick, on_step=begin, benchmarks=(WAITING,), imports=False).values()
    written = out / "waiting.json"
    written.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    title = "Duration of an invocation, medians of real time"
    table = Table("operation", title=title, title_justify="left")
    for column in ("AWS at once", "with AWS's latency", "waiting"):
        table.add_column(column, justify="right")
    for name, of in found.items():
        fast, slow = of["at_once"]["median"], of["with_latency"]["median"]
        table.add_row(name, f"{fast:,.0f} ms", f"{slow:,.0f} ms", f"{max(0, 1 - fast / slow):.0%}")
    console.print(table)
    console.print(f"Written: {written}", soft_wrap=True)


def _cells(row: "Row") -> tuple[str, ...]:
    sign = {True: "[green]", False: "[red]", None: ""}[row.holds]
    bound = "at least" if row.more_is_better else "at most"
    return (
        row.what,
        row.unit,
        f"{sign}{_number(row.ours)}",
        f"{bound} {_number(row.target)}" if row.target is not None else "",
        _number(row.naive) if row.naive is not None else "",
        f"{row.ratio:.1f} x" if row.ratio is not None else "",
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
