"""`topk fuzz`: send generated requests to the deployed API."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.choices import Name, Seed
from cli.local_stack.stack import STEPS, LocalStack
from cli.local_stack.state import STACKS, load
from cli.progress import bars, shown

OUT = Path("out/fuzz.json")
_USERS = 8
_URL = re.compile(r"https?://[^\s]+")


def fuzz(
    requests: Annotated[int, typer.Option(min=1, help="Number of requests.")] = 20_000,
    api: Annotated[
        str,
        typer.Option(help="Base URL of an API of the running stack. Default: the tenant harbor."),
    ] = "",
    minutes: Annotated[float, typer.Option(min=0.1, help="Time limit in minutes.")] = 20,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Number of sending processes.")] = 2,
    tenants: Annotated[
        int,
        typer.Option(min=1, max=100, help="Number of tenants whose tokens and ids are mixed."),
    ] = 1,
    seed: Seed = 7,
    name: Name = "fuzz",
) -> None:
    """Send valid and invalid requests generated from the API description.

    With --tenants, adds tenants to the stack, and sends requests with the host name of one, the
    token of another and the ids of a third. Answers about another tenant are findings.

    Uses the stack NAME if it is running; otherwise starts one. Exit code 1 unless all requests were
    sent, no response is a 5xx, and each matches the description. Writes out/fuzz.json.
    """
    if api and not _URL.fullmatch(api):
        raise typer.BadParameter(f"--api {api}: expected a base URL such as http://127.0.0.1:4566")
    if api and tenants > 1:
        raise typer.BadParameter("--api: the address of one tenant; leave out --tenants")
    console = Console()
    with running_stack(name, seed, console) as stack:
        # schemathesis takes seconds to load, which no other command should wait for.
        from cli.studies.fuzzing.deployed import target
        from cli.studies.fuzzing.many_tenants import many_tenants
        from cli.studies.fuzzing.pool import fuzz_together
        from cli.studies.fuzzing.report import tell, write
        from cli.studies.fuzzing.tally import Tally

        tally = Tally(requests)
        aims = many_tenants(stack, tenants) if tenants > 1 else nullcontext(target(stack, api))
        with aims as aim, bars(console) as progress:
            began = time.monotonic()
            until = began + minutes * 60
            advance = partial(progress.advance, progress.add_task("Requests", total=requests))
            fuzz_together(aim, tally, workers=workers, seed_=seed, until=until, advance=advance)
        seconds = time.monotonic() - began
    write(tally, seconds, OUT)
    tell(tally, seconds, console)
    console.print(f"[dim]{OUT}[/dim]")
    if tally.kinds or tally.requests < requests:
        raise typer.Exit(1)


@contextmanager
def running_stack(name: str, seed: int, console: Console) -> Iterator[LocalStack]:
    """The stack `name`, started for the time if it does not run."""
    running = load(STACKS / name)
    if running is not None and running.running:
        yield LocalStack.attach(STACKS / name)
        return
    with shown(STEPS, console) as on_step:
        stack = LocalStack.start(folder=STACKS / name, users=_USERS, seed=seed, on_step=on_step)
    with stack:
        yield stack
