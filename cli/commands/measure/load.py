"""`topk load`: send requests at a fixed rate and measure their latency."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from rich.console import Console

from cli.choices import RunningName, Seed
from cli.local_stack.chosen_stack import running_stack
from cli.local_stack.stack import STEPS, LocalStack
from cli.local_stack.state import STACKS
from cli.progress import shown
from cli.studies.load.report import tables
from cli.studies.load.run import run
from infra_cdk.api.routes import SIGNED_IN
from simulator.capacity.inputs import read_inputs
from simulator.load.cold_starts import cold_seconds, with_cold_starts
from simulator.load.mix import Caller, Mix
from simulator.load.plan import open_loop
from simulator.load.results import summary

SONGS_OF_FEED = "/v1/me/following/songs"
LISTENERS = 60
LISTS = "Give the listeners lists"


def load(
    rate: Annotated[float, typer.Option(min=0.1, max=5000, help="Requests per second.")] = 60,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="Seconds to measure.")] = 60,
    warm_up: Annotated[
        float, typer.Option(min=0, max=600, help="Seconds of warm-up at the same rate.")
    ] = 10,
    callers: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help='Of a deployed API, as JSON: [{"api", "user", "token", "follows"}, ...].',
        ),
    ] = None,
    cold_share: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of the requests to which a cold start is added."),
    ] = 0.0,
    seed: Seed = 7,
    name: RunningName = None,
    out: Annotated[Path, typer.Option(help="Folder for load.json and load/.")] = Path("out"),
) -> None:
    """Send requests to the API at a fixed rate and show latencies.

    Uses the local stack, and starts one if none is running, or any API with --callers. Latency
    counts from the planned start of each request. Exit code 1 if a request failed.
    """
    from simulator.load.pictures import write  # matplotlib takes a second to import

    console = Console()
    with _callers(callers, name, seed, console) as found:
        dice = Random(seed)  # noqa: S311 - not for secrets
        routes = SIGNED_IN["read"]
        mix = Mix(
            found, songs_of_feed=SONGS_OF_FEED if SONGS_OF_FEED in routes else None, dice=dice
        )
        plan = open_loop(mix.call, rate=rate, seconds=seconds, warm_up=warm_up)
        words = f"{rate:g} requests a second for {seconds:g} s after {warm_up:g} s of warm-up"
        with console.status(words):
            results = run(plan)
    cold = cold_seconds(read_inputs().read_function_mb)
    results = with_cold_starts(results, share=cold_share, seconds=cold, dice=dice)
    told = summary(results)
    for table in tables(told):
        console.print(table)
    if cold_share:
        console.print(f"{cold_share:.1%} of the requests include a cold start of {cold:.2f} s.")
    figures = {
        "seed": seed,
        "rate": rate,
        "seconds": seconds,
        "warm_up_seconds": warm_up,
        "cold_share": cold_share,
        "cold_seconds": round(cold, 3),
    }
    pictures = write(results, out / "load", words)
    path = out / "load.json"
    path.write_text(json.dumps(figures | told.figures(), indent=2) + "\n", encoding="utf-8")
    console.print(f"Written: {', '.join(map(str, [path, *pictures]))}", soft_wrap=True)
    if told.errors:
        raise typer.Exit(1)


@contextmanager
def _callers(
    path: Path | None, name: str | None, seed: int, console: Console
) -> Iterator[list[Caller]]:
    """The callers. A stack that this command started is stopped at the end."""
    from cli.studies.load.scene import callers_of, set_up  # the stores take a while to import

    if path is not None:
        yield callers_of(path)
        return
    running = running_stack(name)
    if running is not None:
        with console.status(LISTS):
            found = set_up(running, seed=seed)
        yield found
        return
    folder = STACKS / (name or "local")
    with shown((*STEPS, LISTS), console) as on_step:
        stack = LocalStack.start(folder=folder, users=LISTENERS, seed=seed, on_step=on_step)
        with stack:
            on_step(LISTS)
            yield set_up(stack, seed=seed)
