"""`topk inspect`: an owner's data, and which plays their list counts."""

from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from cli.choices import RunningName
from cli.failure import CommandFailedError
from cli.operated import StageName, operated
from cli.recovery.inspect_account import inspect_owner
from cli.recovery.inspection import tables
from topk.domain.errors import TopkError
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists


def inspect(
    owner: Annotated[str, typer.Argument(help="TENANT/USER")],
    stage: StageName = None,
    plays: Annotated[bool, typer.Option(help="Show every play and whether it counts.")] = True,
    name: RunningName = None,
) -> None:
    """Show an owner's connections, chunks and list, and which plays counted. Read-only."""
    place = operated(stage=stage, name=name)
    who = place.owner(owner)
    try:
        with place.tables():
            found = inspect_owner(
                who,
                profiles=Profiles(),
                connections=Connections(),
                plays=Plays(retention_days=place.retention_days, separate=place.separate),
                top_lists=TopLists(),
                now=place.now(),
            )
    except (TopkError, BotoCoreError, ClientError) as error:
        raise CommandFailedError(f"the tables are unavailable: {error}") from error
    if not found:
        raise typer.BadParameter(f"{owner} does not exist in {place.name}")
    console = Console()
    for table in tables(found, plays=plays):
        console.print(table)
