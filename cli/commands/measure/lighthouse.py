"""`topk lighthouse`: Lighthouse scores of the pages."""

import json
import os
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.choices import Name, Seed
from cli.commands.run.up import DEFAULT_SEED
from cli.local_stack.state import STACKS
from cli.progress import counted
from cli.studies.pages.lighthouse import CATEGORIES, Judged, installed, judged
from cli.studies.pages.scene import Scene, opened

OUT = Path("out/lighthouse.json")
REPORTS = Path("out/lighthouse")
PROFILE = "profile"
LEAST = {"accessibility": 95, "best-practices": 95}
LEAST_OF_PROFILE = LEAST | {"performance": 90}
PATHS = {
    "sign-in": "",
    "feed": "feed",
    "accounts": "accounts",
    "followers": "followers",
    "privacy": "privacy",
    "site-profile": "music/index.html",
    "site-accounts": "music/accounts.html",
    "site-people": "music/people.html",
    "site-followers": "music/followers.html",
    "site-scrobblers": "music/scrobblers.html",
    "site-privacy": "music/privacy.html",
}
"""Every page but the profile, by its name: the host app's, then those of the site it serves."""

Found = dict[str, list[Judged]]
"""What was said of each page, run by run."""


def lighthouse(
    only: Annotated[
        list[str] | None, typer.Argument(help="Pages such as profile or feed. Default: all.")
    ] = None,
    runs: Annotated[
        int, typer.Option(min=1, max=50, help="Number of runs; the median counts.")
    ] = 1,
    seed: Seed = DEFAULT_SEED,
    name: Name = "pages",
) -> None:
    """Score every page of the host app and the site with Lighthouse, on a separate local stack.

    Requires 95 for accessibility and best practices on every page, and 90 for performance on the
    profile, on a simulated slow phone; exit code 1 otherwise. Writes out/lighthouse.json and
    reports.
    """
    wanted = chosen(only)
    installed()
    console = Console()
    REPORTS.mkdir(parents=True, exist_ok=True)
    with opened(STACKS / name, seed=seed, console=console) as scene:
        pages = {page: at for page, at in addresses(scene).items() if page in wanted}
        with counted("Look at the pages", runs * len(pages)) as looked:
            found = _looked_at(pages, scene, runs, looked)
    scores = {page: medians(runs) for page, runs in found.items()}
    missed = {
        page: sorted({one for run in runs for one in run.missed}) for page, runs in found.items()
    }
    load = round(os.getloadavg()[0], 1)
    told = {"runs": runs, "load_average": load, "scores": scores, "missed": missed}
    OUT.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    console.print(_table(scores, load))
    for page, what in missed.items():
        for one in what:
            console.print(f"{page}: {one}", soft_wrap=True)
    if any(shortcomings(page, of) for page, of in scores.items()):
        raise typer.Exit(1)


def chosen(only: Sequence[str] | None) -> Sequence[str]:
    """The pages to score. Raises typer.BadParameter for an unknown page."""
    every = [PROFILE, *PATHS]
    for page in only or ():
        if page not in every:
            raise typer.BadParameter(f"{page!r} is not one of {', '.join(every)}")
    return only or every


def addresses(scene: Scene) -> dict[str, str]:
    """Address of every page, by its name."""
    return {PROFILE: scene.profile, **{name: f"{scene.root}/{at}" for name, at in PATHS.items()}}


def medians(runs: Sequence[Judged]) -> dict[str, float]:
    """Median scores by category."""
    return {name: statistics.median(run.scores[name] for run in runs) for name in CATEGORIES}


def shortcomings(page: str, scores: Mapping[str, float]) -> list[str]:
    """The categories in which `page` scores below its minimum."""
    least = LEAST_OF_PROFILE if page == PROFILE else LEAST
    return [name for name, points in least.items() if scores[name] < points]


def _looked_at(
    pages: Mapping[str, str], scene: Scene, runs: int, looked: Callable[[int], None]
) -> Found:
    found: Found = {page: [] for page in pages}
    for page, address in pages.items():
        report = REPORTS / f"{page}.json"
        for _ in range(runs):
            found[page].append(judged(address, scene, report))
            looked(1)
    return found


def _table(scores: Mapping[str, Mapping[str, float]], load: float) -> Table:
    table = Table("page", *CATEGORIES, title=f"Lighthouse, of 100, load average {load}")
    for page, of in scores.items():
        low = shortcomings(page, of)
        points = (f"{of[name]:.0f}{' too low' if name in low else ''}" for name in CATEGORIES)
        table.add_row(page, *points)
    return table
