"""`topk first-list`: how long a viewer waits for the list on a profile."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.choices import Name, Seed
from cli.chromium import launched
from cli.commands.run.up import DEFAULT_SEED
from cli.local_stack.state import STACKS
from cli.progress import counted
from cli.studies.pages.painting import Figures, first_lists
from cli.studies.pages.scene import opened

OUT = Path("out/first-list.json")
MOST_MILLISECONDS = 300
TIMES = 20


def first_list(
    times: Annotated[int, typer.Option(min=1, max=1000, help="Number of visitors.")] = TIMES,
    seed: Seed = DEFAULT_SEED,
    name: Name = "pages",
) -> None:
    """Measure the time from the start of the widget's script to the first painted list.

    Uses a separate local stack and the tests' browser, and reports the median of first visits. Exit
    code 1 if it is above 300 ms. Writes out/first-list.json.
    """
    console = Console()
    with (
        opened(STACKS / name, seed=seed, console=console) as scene,
        launched() as browser,
        counted("Visit the profile", times) as painted,
    ):
        found = first_lists(browser, scene, times=times, painted=painted)
    load = round(os.getloadavg()[0], 1)
    told = {"times": times, "most_milliseconds": MOST_MILLISECONDS, "load_average": load, **found}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    console.print(_table(found, times, load))
    if found["first_visit"]["median"] > MOST_MILLISECONDS:
        raise typer.Exit(1)


def _table(found: dict[str, Figures], times: int, load: float) -> Table:
    title = f"Milliseconds to the first list, {times} visitors, load average {load}"
    table = Table("", "median", "least", "most", title=title)
    for visit, figures in found.items():
        row = (f"{figures[name]:.0f}" for name in ("median", "least", "most"))
        table.add_row(visit.replace("_", " "), *row)
    return table
