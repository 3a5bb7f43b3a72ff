"""`topk dispatch`: how long the dispatcher takes at full scale, with the latencies of AWS."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.commands.measure.capacity import BENCH
from cli.failure import CommandFailedError
from cli.progress import shown
from simulator.capacity.inputs import BadInputError, read_inputs

LATENCIES = (12.0, 30.0)
WITHIN_SECONDS = {12.0: 20.0, 30.0: 40.0}


def dispatch(
    missed: Annotated[
        int, typer.Option(min=1, max=24 * 60, help="Minutes without a tick in the second case.")
    ] = 60,
    out: Annotated[Path, typer.Option(help="Folder for dispatch.json.")] = Path("out"),
) -> None:
    """Queue a minute's slot at full scale, and catch up after an hour without ticks.

    Runs the dispatch function in virtual time, against AWS in memory with the latencies of AWS.
    """
    # All functions take a second to load, which no other command should wait for.
    from cli.in_memory.world import declared_on_aws
    from cli.studies.dispatching.figures import COLUMNS, figures, rows
    from cli.studies.dispatching.run import Case, run

    try:
        inputs = read_inputs(BENCH)
    except BadInputError as error:
        raise typer.BadParameter(str(error)) from error
    rate = inputs.dispatch_rows_per_second
    cases = [Case(send_ms, minutes) for minutes in (1, missed) for send_ms in LATENCIES]
    names = [f"{one.missed} min missed, {one.send_ms:.0f} ms a send" for one in cases]
    declared, found = declared_on_aws("production"), []
    with shown(names, Console(stderr=True)) as begin:
        for case, name in zip(cases, names, strict=True):
            begin(name)
            found.append(run(case, declared, rows_per_second=rate))
    written = figures(found, declared, rows_per_second=rate)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "dispatch.json"
    path.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    console = Console()
    table = Table(*COLUMNS, title="Dispatch at full scale, in virtual time", title_justify="left")
    for row in rows(written):
        table.add_row(*row)
    console.print(table)
    console.print(f"Written: {path}", soft_wrap=True)
    for one in found:
        if one.queued != (1, 1):
            raise CommandFailedError(f"rows were queued {one.queued} times, not once")
        if one.missed_minutes == 1 and one.caught_up_seconds > WITHIN_SECONDS[one.send_ms]:
            raise CommandFailedError(f"a minute's slot took {one.caught_up_seconds:.0f} s")
