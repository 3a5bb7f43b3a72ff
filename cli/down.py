"""`topk down`: stop a local stack."""

from typing import Annotated

import typer

from cli.choices import Name
from cli.local_stack import LocalStack
from cli.state import STACKS, known, load

Everything = Annotated[bool, typer.Option("--all", help="Stop every stack of this checkout.")]


def down(name: Name = "local", everything: Everything = False) -> None:
    """Stop the stack and all its processes. What does not run is no error."""
    for one in known() if everything else [name]:
        if load(STACKS / one) is None:
            typer.echo(f"{one} does not run")
        else:
            LocalStack.attach(STACKS / one).stop()
            typer.echo(f"{one} is stopped")
