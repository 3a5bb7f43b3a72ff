"""Options that several commands share, and what they may be."""

import re
from typing import Annotated

import typer

from infra_cdk.tenant import ORIGIN

MOST_PORT = 65_534
"""The emulator listens on the next one."""
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise typer.BadParameter(f"{value!r} is not a name such as local-2")
    return value


def _name_or_none(value: str | None) -> str | None:
    return None if value is None else _name(value)


def _origins(values: list[str] | None) -> list[str]:
    for value in values or []:
        if not ORIGIN.fullmatch(value):
            raise typer.BadParameter(f"{value!r} is not an origin such as http://127.0.0.1:3000")
    return values or []


Users = Annotated[int, typer.Option(min=1, max=100_000, help="Listeners of the simulated world.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same world.")]
Name = Annotated[str, typer.Option(callback=_name, help="What the stack is called.")]
RunningName = Annotated[
    str | None,
    typer.Option("--name", callback=_name_or_none, help="Which stack, where more than one runs."),
]
Port = Annotated[
    int | None,
    typer.Option(
        min=1024,
        max=MOST_PORT,
        help="The world's port; the emulator's is the next one. Any free ones by default.",
    ),
]
Origins = Annotated[
    list[str] | None,
    typer.Option(
        "--origin",
        callback=_origins,
        help="Pages of this origin may call the APIs and embed the widget. Repeatable.",
    ),
]
