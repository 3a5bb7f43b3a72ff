"""`topk demo`: run the whole product on this machine and compare every list with the truth."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.choices import Name, Seed, Users
from cli.commands.run.up import DEFAULT_SEED, DEFAULT_USERS
from cli.local_stack import function_logs
from cli.local_stack.stack import STEPS, LocalStack
from cli.local_stack.state import STACKS
from cli.progress import bars, shown
from cli.studies.demonstration.days import midnight_after
from cli.studies.demonstration.pushed import run_pushed
from cli.studies.demonstration.report import figures, table, write
from cli.studies.demonstration.run import run
from topk.clock import wall_clock

OUT = Path("out/demo.json")
_MAKE_BEGAN = "TOPK_MAKE_BEGAN"


def demo(
    users: Users = DEFAULT_USERS,
    seed: Seed = DEFAULT_SEED,
    push_only: Annotated[
        bool,
        typer.Option(
            help="Switch every provider off that is crawled; each listener's player pushes."
        ),
    ] = False,
    exit_: Annotated[bool, typer.Option("--exit", help="Exit when done.")] = False,
    name: Name = "demo",
) -> None:
    """Deploy, connect every listener with OAuth, simulate a week, and check every list.

    With `--push-only` no account is connected: each listener's player pushes by one of the
    protocols of scrobblers. Exit code 1 unless every list is exact. Writes out/demo.json.
    """
    console = Console()
    began = time.monotonic()
    setup = wall_clock() - float(os.environ.get(_MAKE_BEGAN, wall_clock()))
    with shown(STEPS, console) as on_step:
        stack = LocalStack.start(folder=STACKS / name, users=users, seed=seed, on_step=on_step)
    with stack:
        deployed = time.monotonic()
        try:
            with bars(console) as progress:
                begin = midnight_after(wall_clock())
                if push_only:
                    result = run_pushed(stack, progress, begin=begin, seed=seed)
                else:
                    result = run(stack, progress, begin=begin)
        finally:
            function_logs.save_and_say(stack, console)
        result.seconds |= {
            "setup": round(setup, 2),
            "deploy": round(deployed - began, 2),
            "total": round(setup + time.monotonic() - began, 2),
        }
        found = figures(result, stack)
        write(found, OUT)
        console.print(table(found))
        for who, what in result.faults.items():
            console.print(f"[red]{who}: {what}[/red]")
        if not exit_:
            _stay(stack, console)
    if result.faults:
        raise typer.Exit(1)


def _stay(stack: LocalStack, console: Console) -> None:
    for tenant, url in stack.api_urls.items():
        console.print(f"Host app of {tenant}: {stack.world_url}/host/{tenant}", soft_wrap=True)
        console.print(f"API of {tenant}: {url}", soft_wrap=True)
    console.print("Press Ctrl-C to stop.")
    try:
        while stack.running:
            time.sleep(1)
    except KeyboardInterrupt:
        console.print("Stopping.")
