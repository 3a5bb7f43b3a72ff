"""Options that several commands share, and their valid values."""

import re
from typing import Annotated

import typer

from cli.recovery.part import Part
from infra_cdk.tenant import ORIGIN

MOST_PORT = 65_534
"""The emulator listens on the next one."""
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise typer.BadParameter(f"{value!r} is not a valid name such as local-2")
    return value


def _name_or_none(value: str | None) -> str | None:
    return None if value is None else _name(value)


def _origins(values: list[str] | None) -> list[str]:
    for value in values or []:
        if not ORIGIN.fullmatch(value):
            raise typer.BadParameter(f"{value!r} is not an origin such as http://127.0.0.1:3000")
    return values or []


def _part(value: str) -> Part:
    try:
        return Part.parse(value)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is not a part such as 3/16") from None


Users = Annotated[int, typer.Option(min=1, max=100_000, help="Number of simulated listeners.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the simulated world.")]
Name = Annotated[str, typer.Option(callback=_name, help="Name of the local stack.")]
RunningName = Annotated[
    str | None,
    typer.Option(
        "--name", callback=_name_or_none, help="Name of the local stack, if several are running."
    ),
]
WhichPart = Annotated[
    Part | None,
    typer.Option(
        parser=_part,
        metavar="N/M",
        help="Only this part of M, so that M processes or machines share the work.",
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        min=1024,
        max=MOST_PORT,
        help="Port of the simulated world; the emulator uses the next one. Default: free ports.",
    ),
]
Origins = Annotated[
    list[str] | None,
    typer.Option(
        "--origin",
        callback=_origins,
        help="Allow pages of this origin to call the APIs and embed the widget; may be repeated.",
    ),
]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
