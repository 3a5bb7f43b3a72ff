"""`topk restore`: restore plays from the archive."""

from datetime import date
from functools import partial
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli.choices import RunningName, WhichPart
from cli.failure import CommandFailedError
from cli.operated import Operated, StageName, Yes, agreed, operated
from cli.progress import counted
from cli.recovery.part import WHOLE, Part
from cli.recovery.position import Position
from cli.recovery.restore_plays import restore as restore_file
from cli.recovery.restore_plays import restore_markers
from cli.recovery.restoring import restore_files
from infra_cdk import outputs
from topk.domain.errors import TopkError
from topk.domain.owner import Owner
from topk.stores.s3.archive import Archive, day_of
from topk.stores.tables.plays import Plays

DAY = 86_400


def _day(value: str | None) -> str | None:
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise typer.BadParameter(f"{value!r} is not a date such as 2026-11-22") from error


FromDay = Annotated[
    str | None,
    typer.Option("--from", callback=_day, help="Only plays fetched since this date, YYYY-MM-DD."),
]


def restore(
    owner: Annotated[str | None, typer.Option(help="TENANT/USER. Default: all owners.")] = None,
    since: FromDay = None,
    part: WhichPart = None,
    stage: StageName = None,
    yes: Yes = False,
    name: RunningName = None,
) -> None:
    """Restore plays that are missing in Plays from the archive. Can be repeated."""
    place = operated(stage=stage, name=name)
    only = place.owner(owner) if owner is not None else None
    try:
        with place.tables():
            _restore(place, only, since, part or WHOLE, yes=yes)
    except (TopkError, BotoCoreError, ClientError) as error:
        raise CommandFailedError(
            f"{place.name} is unavailable: {error}; run the command again"
        ) from error


def archive_of(place: Operated) -> Archive:
    """Raises BadParameter if the deployment has no archive."""
    bucket = place.outputs.get(outputs.ARCHIVE_BUCKET)
    if bucket is None:
        raise typer.BadParameter(f"{place.name} has no archive")
    return Archive(place.client("s3"), bucket=bucket)


def _restore(
    place: Operated, only: Owner | None, since: str | None, part: Part, *, yes: bool
) -> None:
    archive = archive_of(place)
    # What is older would expire at once.
    oldest = place.now() - place.retention_days * DAY
    first = max(since or "", day_of(oldest))
    files = [file for file in archive.files(since=first) if part.has(file)]
    whose = f"of {only.tenant}/{only.user}" if only else "of all owners"
    agreed(
        f"Restore plays {whose} fetched since {first} from {len(files)} files of the archive of "
        f"{place.name} to Plays, with their deletions first",
        yes=yes,
    )
    plays = Plays(retention_days=place.retention_days)
    restore_markers(archive=archive, plays=plays, only=only)
    job = f"{only.key if only else 'all'} {first}{part.suffix}".replace("/", "_")
    with counted("files", len(files)) as passed:
        tally = restore_files(
            files,
            partial(
                restore_file,
                archive=archive,
                plays=plays,
                fetched_since=oldest,
                only=only,
            ),
            position=Position(place.kept / f"restore {job}.json"),
            passed=passed,
        )
    typer.echo(
        f"{tally.chunks} chunks of {len(tally.owners)} owners restored; their lists follow by "
        "its stream, or by `topk rebuild`"
    )
