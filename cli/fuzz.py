"""`topk fuzz`: requests that nobody would send, against the deployed API."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.choices import Name, Seed
from cli.local_stack import STEPS, LocalStack
from cli.progress import shown
from cli.state import STACKS, load

OUT = Path("out/fuzz.json")
_USERS = 8
_URL = re.compile(r"https?://[^\s]+")


def fuzz(
    requests: Annotated[int, typer.Option(min=1, help="How many.")] = 20_000,
    api: Annotated[
        str, typer.Option(help="Base URL of an API of the running stack; else harbor's.")
    ] = "",
    minutes: Annotated[float, typer.Option(min=0.1, help="At most so long.")] = 20,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Requests at a time.")] = 3,
    seed: Seed = 7,
    name: Name = "fuzz",
) -> None:
    """Send requests made from the published description, as described and otherwise.

    Against the stack called NAME where it runs, else one started for it. Exit code 1 unless all
    were sent, no answer is a 5xx, and each is as described. Writes out/fuzz.json.
    """
    if api and not _URL.fullmatch(api):
        raise typer.BadParameter(f"--api {api}: want a base URL such as http://127.0.0.1:4566")
    console = Console()
    with _stack(name, seed, console) as stack:
        # schemathesis takes seconds to load, which no other command should wait for.
        from cli.fuzzing.deployed import target
        from cli.fuzzing.run import fuzz as send
        from cli.fuzzing.tally import Tally

        tally, began = Tally(requests), time.monotonic()
        aim = target(stack, api or None)
        with _bar(console) as progress:
            task = progress.add_task("Requests", total=requests)
            send(
                aim,
                tally,
                workers=workers,
                seed_=seed,
                until=began + minutes * 60,
                advance=lambda: progress.advance(task),
            )
        seconds = time.monotonic() - began
    figures = {
        "wanted": requests,
        "seconds": round(seconds, 1),
        "requests_per_second": round(tally.requests / seconds, 1),
        **tally.figures,
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    for (operation, check), what in tally.findings.items():
        console.print(f"[red]{operation}: {check}[/red]\n{what}", markup=True)
    console.print(
        f"{tally.requests:,} requests in {seconds:.0f} s: {figures['answers_of_5xx']} of 5xx, "
        f"{figures['undocumented_statuses']} undocumented statuses, "
        f"{sum(tally.kinds.values())} findings in all. {OUT}"
    )
    if tally.kinds or tally.requests < requests:
        raise typer.Exit(1)


@contextmanager
def _stack(name: str, seed: int, console: Console) -> Iterator[LocalStack]:
    running = load(STACKS / name)
    if running is not None and running.running:
        yield LocalStack.attach(STACKS / name)
        return
    with shown(STEPS, console) as on_step:
        stack = LocalStack.start(folder=STACKS / name, users=_USERS, seed=seed, on_step=on_step)
    with stack:
        yield stack


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)
