"""`topk growth`: check that crawls and reads cost the same in small and in large tables."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.choices import Seed
from cli.progress import shown

SIZES = (1_000, 10_000, 100_000)


def growth(
    connections: Annotated[
        list[int] | None,
        typer.Option(
            min=1_000, max=1_000_000, help="Number of connections in the tables; may be repeated."
        ),
    ] = None,
    seed: Seed = 7,
    out: Annotated[Path, typer.Option(help="Folder for growth.json.")] = Path("out"),
) -> None:
    """Measure the units of a crawl and of a read with a growing number of connections.

    Exit code 1 if one differs by more than a tenth from the smallest tables.
    """
    from cli.studies.metering.growth import flat, step
    from cli.studies.metering.growth import growth as measured

    sizes = sorted(set(connections or SIZES))
    with shown([step(size) for size in sizes], Console(stderr=True)) as begin:
        points = measured(sizes, seed=seed, on_step=begin)
    table = Table("connections", title="Units of one crawl, with its list, and of one read")
    for name in ("crawl writes", "crawl reads", "read"):
        table.add_column(name, justify="right")
    for one in points:
        cells = (one.crawl_write, one.crawl_read, one.read)
        table.add_row(f"{one.connections:,}", *(f"{cell:.2f}" for cell in cells))
    console = Console()
    console.print(table)
    out.mkdir(parents=True, exist_ok=True)
    told = {"flat": flat(points), "points": [asdict(one) for one in points]}
    (out / "growth.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    console.print(f"Written: {out / 'growth.json'}")
    if not flat(points):
        raise typer.Exit(1)
