"""`topk brownouts`: crawls and lists while each AWS service fails for a quarter of an hour."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.choices import Seed
from cli.failure import CommandFailedError
from cli.progress import shown


def brownouts(
    users: Annotated[int, typer.Option(min=2, max=1_000, help="Number of listeners.")] = 40,
    seed: Seed = 7,
    out: Annotated[Path, typer.Option(help="Folder for brownouts.json.")] = Path("out"),
) -> None:
    """Let each AWS service fail for 15 minutes, and check that nothing is lost or late.

    Runs the deployed functions in virtual time, on AWS in memory with its latencies.
    """
    # All functions take a second to load, which no other command should wait for.
    from cli.studies.brownouts.figures import COLUMNS, faults, rows
    from cli.studies.brownouts.run import STEPS, run

    # What the functions print is caught meanwhile, so that the bar has to go elsewhere.
    with shown(STEPS, Console(stderr=True)) as begin:
        found = [asdict(one) for one in run(users=users, seed=seed, on_step=begin)]
    out.mkdir(parents=True, exist_ok=True)
    path = out / "brownouts.json"
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    table = Table(*COLUMNS, title="Outages of 15 minutes", title_justify="left")
    for row in rows(found):
        table.add_row(*row)
    console = Console()
    console.print(table)
    console.print(f"Written: {path}", soft_wrap=True)
    if broken := [f"{one['name']}: {fault}" for one in found for fault in faults(one)]:
        raise CommandFailedError("; ".join(broken))
