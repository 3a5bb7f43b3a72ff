"""Options that several commands share, and what they may be."""

import re
from typing import Annotated

import typer

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise typer.BadParameter(f"{value!r} is not a name such as local-2")
    return value


Users = Annotated[int, typer.Option(min=1, max=100_000, help="Listeners of the simulated world.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same world.")]
Name = Annotated[str, typer.Option(callback=_name, help="Which stack of this checkout.")]
