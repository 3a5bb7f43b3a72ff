"""`topk archive`: fill, query and purge the archive of plays."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table

from cli.choices import RunningName
from cli.commands.recover.restore import FromDay, archive_of
from cli.failure import CommandFailedError
from cli.operated import Operated, StageName, Yes, agreed, operated
from cli.progress import counted
from cli.recovery.archiving import archive_days
from infra_cdk import outputs
from topk.clock import wall_clock
from topk.domain.errors import TopkError
from topk.stores.codecs.archive_format import encode
from topk.stores.s3.archive import day_of
from topk.stores.tables.play_owners import PlayOwners
from topk.stores.tables.plays import Plays

LATE_DAYS = 8
"""How far back is looked for what is lacking: a push brings plays of the past week."""

_PLAY = 'tenant, day, "user", provider, listened_at, precision, track_id, title, artists'
"""What tells one play from another: a file may repeat what another holds."""

archive = typer.Typer(help="Fill, query and purge the archive of plays.")


@archive.command()
def fill(
    since: FromDay = None, stage: StageName = None, yes: Yes = False, name: RunningName = None
) -> None:
    """Add plays that the archive is missing, for example after an outage of its function."""
    place = operated(stage=stage, name=name)
    into = archive_of(place)
    first = since or _days_before(day_of(place.now()), LATE_DAYS)
    table = place.outputs[outputs.table("Plays")]
    dynamodb = place.client("dynamodb")
    try:
        chunks = dynamodb.describe_table(TableName=table)["Table"]["ItemCount"]
        agreed(
            f"Add missing plays fetched since {first} to the archive of {place.name}, from about "
            f"{chunks} chunks",
            yes=yes,
        )
        with place.tables(), counted("chunks", chunks or None) as passed:
            done = archive_days(
                PlayOwners(dynamodb, table=table),
                Plays(retention_days=place.retention_days),
                into,
                since=first,
                passed=passed,
            )
    except (TopkError, BotoCoreError, ClientError) as error:
        raise CommandFailedError(
            f"{place.name} is unavailable: {error}; run the command again"
        ) from error
    typer.echo(f"{done} chunks added to the archive of {place.name}")


@archive.command()
def purge(stage: StageName = None, yes: Yes = False, name: RunningName = None) -> None:
    """Remove erased users and deleted plays from the files. A deployment does this weekly."""
    place = operated(stage=stage, name=name)
    of_place = archive_of(place)
    agreed(
        f"Rewrite the archive files of {place.name} that contain erased or deleted plays", yes=yes
    )
    now = datetime.fromtimestamp(wall_clock(), UTC)
    try:
        changed = of_place.purge(now=now)
    except TopkError as error:
        raise CommandFailedError(
            f"{place.name} is unavailable: {error}; run the command again"
        ) from error
    typer.echo(f"{changed} files changed")


@archive.command()
def query(
    sql: Annotated[str, typer.Argument(help="SQL over the table `plays`; see docs/archive.md.")],
    since: FromDay = None,
    name: RunningName = None,
) -> None:
    """Query the local stack's archive with DuckDB. Use Athena for a stage on AWS."""
    place = operated(stage=None, name=name)
    with tempfile.TemporaryDirectory(prefix="topk-archive-") as folder:
        if not _fetched(place, since or "", Path(folder)):
            raise typer.BadParameter(f"the archive of {place.name} is empty")
        Console().print(_answer(sql, Path(folder)))


def _fetched(place: Operated, since: str, folder: Path) -> int:
    """Download the files without erased users' plays, and return their number."""
    of_place = archive_of(place)
    files = of_place.files(since=since)
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(encode(of_place.read(file)))
    return len(files)


def _answer(sql: str, folder: Path) -> Table:
    # It takes a second to load, which no other command should wait for.
    import duckdb

    with duckdb.connect() as base:
        files = f"{folder}/plays/*/*.parquet"
        base.execute(
            f"create view plays as select distinct on ({_PLAY}) * from "  # noqa: S608 - a folder of our own making
            f"read_parquet('{files}', hive_partitioning = true, hive_types_autocast = false)"
        )
        try:
            found = base.execute(sql)
        except duckdb.Error as error:
            raise typer.BadParameter(f"SQL: {error}") from error
        table = Table(*(column[0] for column in found.description or ()))
        for row in found.fetchall():
            table.add_row(*map(str, row))
    return table


def _days_before(day: str, days: int) -> str:
    return (datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days)).date().isoformat()
