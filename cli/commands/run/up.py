"""`topk up`: start the local stack and leave it running."""

from typing import Annotated

import typer
from rich.console import Console

from cli.choices import Name, Origins, Port, Seed, Users
from cli.local_stack.stack import STEPS, LocalStack
from cli.local_stack.state import STACKS
from cli.progress import bars, shown
from cli.studies.demonstration.days import midnight_after
from cli.studies.demonstration.run import Result, run
from topk.clock import wall_clock

DEFAULT_USERS = 60
DEFAULT_SEED = 7
SHOWN_FAULTS = 20

WithPlays = Annotated[
    bool,
    typer.Option(
        "--with-plays",
        help="Also connect every listener's accounts and simulate a week.",
    ),
]


def up(
    users: Users = DEFAULT_USERS,
    seed: Seed = DEFAULT_SEED,
    name: Name = "local",
    with_plays: WithPlays = False,
    port: Port = None,
    origin: Origins = None,
) -> None:
    """Start the simulated world and the emulator, deploy the service, and keep them running."""
    console = Console()
    with shown(STEPS, console) as on_step:
        stack = LocalStack.start(
            folder=STACKS / name,
            users=users,
            seed=seed,
            port=port,
            origins=origin or (),
            on_step=on_step,
        )
    result = _played(stack, console) if with_plays else None
    stack.detach()
    for tenant, url in stack.api_urls.items():
        console.print(f"API of {tenant}: {url}", soft_wrap=True)
        console.print(f"Host app of {tenant}: {stack.world_url}/host/{tenant}", soft_wrap=True)
    console.print(f"World: {stack.world_url}   Emulator: {stack.emulator_url}", soft_wrap=True)
    if result is not None:
        _tell(result, console)


def _played(stack: LocalStack, console: Console) -> Result:
    """On failure nothing is left running."""
    try:
        with bars(console) as progress:
            return run(stack, progress, begin=midnight_after(wall_clock()))
    except BaseException:
        stack.stop()
        raise


def _tell(result: Result, console: Console) -> None:
    """Says whether the lists are right. Ends the command with exit code 1 where one is not."""
    console.print(f"Lists exact: {result.lists_exact} of {result.lists_checked}")
    for who, what in list(result.faults.items())[:SHOWN_FAULTS]:
        console.print(f"{who}: {what}", style="red", markup=False)
    if result.faults:
        raise typer.Exit(1)
