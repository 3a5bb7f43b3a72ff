"""`topk rebuild`: rebuild top lists from plays."""

from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli.choices import RunningName, WhichPart
from cli.failure import CommandFailedError
from cli.operated import Operated, StageName, Yes, agreed, operated
from cli.progress import counted
from cli.recovery.part import WHOLE, Part
from cli.recovery.position import Position
from cli.recovery.rebuild_lists import Rebuild, rebuilding
from cli.recovery.rebuilding import Tally, rebuild_everyone
from infra_cdk import outputs
from topk.domain.owner import Owner
from topk.domain.play import plays_of
from topk.stores.tables.connections import Connections
from topk.stores.tables.play_owners import PlayOwners
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.usecases.lists.aggregate import ListPorts

PlayOwner = Annotated[str | None, typer.Option("--owner", help="TENANT/USER. Default: all owners.")]


def rebuild(
    owner: PlayOwner = None,
    part: WhichPart = None,
    stage: StageName = None,
    yes: Yes = False,
    name: RunningName = None,
) -> None:
    """Rebuild top lists from Plays. Continues where it was interrupted."""
    place = operated(stage=stage, name=name)
    only = place.owner(owner) if owner is not None else None
    try:
        with place.tables():
            tally = _one(place, only, yes=yes) if only else _everyone(place, part or WHOLE, yes=yes)
    except (BotoCoreError, ClientError) as error:
        raise CommandFailedError(f"the tables are unavailable: {error}") from error
    typer.echo(f"lists of {tally.owners} owners rebuilt, {tally.changed} changed")
    if tally.failed:
        first = tally.failed[0]
        raise CommandFailedError(
            f"{len(tally.failed)} lists failed, the first that of "
            f"{first.owner.tenant}/{first.owner.user}: {first.failed}; run the command again"
        )


def rebuild_in(place: Operated) -> Rebuild:
    """Rebuild the lists of owners of `place`, whose tables are bound."""
    plays = Plays(retention_days=place.retention_days, separate=place.separate)
    ports = ListPorts(plays, Connections(), Profiles(), TopLists())
    return rebuilding(ports, plays=plays, now=place.now())


def _one(place: Operated, owner: Owner, *, yes: bool) -> Tally:
    named = f"{owner.tenant}/{owner.user}"
    if not any(plays_of(Plays(retention_days=place.retention_days).since(owner, 0))):
        raise typer.BadParameter(f"{named} has no plays in {place.name}")
    agreed(f"Rebuild the list of {named} in {place.name} from plays", yes=yes)
    tally = Tally()
    for done in rebuild_in(place)([owner]):
        tally.add(done)
    return tally


def _everyone(place: Operated, part: Part, *, yes: bool) -> Tally:
    position = Position(place.kept / f"rebuild{part.suffix}.json")
    dynamodb = place.client("dynamodb")
    table = place.outputs[outputs.table("Plays")]
    chunks = dynamodb.describe_table(TableName=table)["Table"]["ItemCount"] // part.of
    on = ", from where it was interrupted" if position.read() else ""
    agreed(
        f"Rebuild every list of {place.name}{part.suffix and ', part'}{part.suffix} from about "
        f"{chunks} chunks of plays{on}",
        yes=yes,
    )
    owners = PlayOwners(dynamodb, table=table, segment=part.number - 1, segments=part.of)
    with counted("chunks", chunks or None) as passed:
        return rebuild_everyone(owners, rebuild_in(place), position=position, passed=passed)
