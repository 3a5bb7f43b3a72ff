"""`topk down`: stop a local stack."""

from typing import Annotated

import typer

from cli.choices import RunningName
from cli.failure import NotChosenError
from cli.local_stack.stack import LocalStack
from cli.local_stack.state import STACKS, known, load, running

Everything = Annotated[bool, typer.Option("--all", help="Stop all local stacks.")]


def down(name: RunningName = None, everything: Everything = False) -> None:
    """Stop the running stack, or the named one, and all its processes.

    It is no error if nothing is running.
    """
    chosen = _chosen(name, everything=everything)
    if not chosen:
        typer.echo("no local stack is running")
    for one in chosen:
        if load(STACKS / one) is None:
            typer.echo(f"{one} is not running")
        else:
            LocalStack.attach(STACKS / one).stop()
            typer.echo(f"{one} stopped")


def _chosen(name: str | None, *, everything: bool) -> list[str]:
    if everything:
        return list(known())
    if name is not None:
        return [name]
    names = [state.folder.name for state in running()]
    if len(names) > 1:
        raise NotChosenError(f"{', '.join(names)} are running; choose one with --name, or --all")
    return names
