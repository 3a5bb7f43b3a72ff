"""`topk starts`: how long each function takes to start, with and without a snapshot."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.failure import CommandFailedError
from cli.progress import shown
from infra_cdk.functions.declarations import SPECS

READ_CPU_MS = 60.0
"""Most CPU time of the first read after a restore."""


def _known(names: list[str] | None) -> list[str] | None:
    unknown = [name for name in names or [] if name not in SPECS]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is not one of {', '.join(SPECS)}")
    return names


def starts(
    function: Annotated[
        list[str] | None,
        typer.Option(callback=_known, help="Function to measure; may be repeated. Default: all."),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, max=100, help="Starts of each function.")] = 5,
    out: Annotated[Path, typer.Option(help="Folder for starts.json.")] = Path("out"),
) -> None:
    """Measure the import, the first and the warm invocations of each function.

    A function with SnapStart continues in a fork that is made after its hooks. Fails if the first
    read takes too long.
    """
    # moto and all functions take a second to load, which no other command should wait for.
    from cli.studies.starts.figures import COLUMNS, rows
    from cli.studies.starts.run import EVENTS, measure

    wanted = function or list(EVENTS)
    found = {}
    with shown(wanted, Console(stderr=True)) as begin:
        for name, times in measure(wanted, starts=repeats, on_start=begin):
            spec = SPECS[name]
            found[name] = {"megabytes": spec.megabytes, "snap_start": spec.behind_api, **times}
    written = {"repeats": repeats, "functions": found}
    out.mkdir(parents=True, exist_ok=True)
    path = out / "starts.json"
    path.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    table = Table(*COLUMNS, title="CPU time (and duration) of a start", title_justify="left")
    for row in rows(written):
        table.add_row(*row)
    console = Console()
    console.print(table)
    console.print(f"Written: {path}", soft_wrap=True)
    if "read" in found and (first := found["read"]["first"]["cpu_ms"]) > READ_CPU_MS:
        raise CommandFailedError(f"the first read takes {first:.0f} ms, not {READ_CPU_MS:.0f} ms")
