"""`topk celebrity`: one owner viewed by all, and caches for the views of a day."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.choices import Seed
from cli.commands.measure.capacity import BENCH
from cli.failure import CommandFailedError
from cli.progress import shown
from simulator.capacity.inputs import read_inputs
from simulator.capacity.simulation import CORE_MB


def celebrity(
    rate: Annotated[
        int, typer.Option(min=1_000, max=1_000_000, help="Views of one owner a second.")
    ] = 100_000,
    seconds: Annotated[int, typer.Option(min=10, max=600, help="Measured seconds.")] = 60,
    seed: Seed = 7,
    out: Annotated[Path, typer.Option(help="Folder for celebrity.json.")] = Path("out"),
) -> None:
    """Let everybody view one owner, and count what reaches the tables.

    Exit code 1 if more than 100 reads a second do. Prints the hit rates of caches for a day's views
    beside it.
    """
    # All functions take a second to load, which no other command should wait for.
    from cli.studies.celebrity.run import LIMIT, STEPS, anonymous, signed_in
    from simulator.metering.day_caches import of_a_day

    inputs = read_inputs(BENCH)
    cpu_ms = inputs.read_cpu_ms * CORE_MB / inputs.read_function_mb
    with shown(STEPS, Console(stderr=True)) as begin:
        crowds = [
            signed_in(rate, seconds=seconds, cpu_ms=cpu_ms, seed=seed, on_step=begin),
            anonymous(rate),
        ]
    caches = of_a_day()
    found = {
        "crowds": [asdict(one) for one in crowds],
        "caches": [asdict(one) for one in caches],
    }
    out.mkdir(parents=True, exist_ok=True)
    path = out / "celebrity.json"
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    console = Console()
    table = Table(
        "viewers", "asked/s", "beyond the edge/s", "environments", "reads/s", "in the worst second"
    )
    for one in crowds:
        table.add_row(
            one.name,
            f"{one.asked:,}",
            f"{one.passed:,.2f}",
            str(one.environments),
            f"{one.reads:.1f}",
            str(one.peak),
        )
    console.print(table)
    hits = Table("lists in the cache", "least recently used", "first in, first out")
    for size in caches:
        hits.add_row(
            f"{size.entries:,}",
            f"{size.least_recently_used:.1%}",
            f"{size.first_in_first_out:.1%}",
        )
    console.print(hits)
    console.print(f"Written: {path}", soft_wrap=True)
    if any(one.reads > LIMIT for one in crowds):
        raise CommandFailedError(f"more than {LIMIT} reads a second reach the tables")
