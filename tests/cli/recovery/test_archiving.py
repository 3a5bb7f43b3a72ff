"""The archive's commands, with moto in place of AWS."""

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.session import get_session
from typer.testing import CliRunner

from cli.commands.operate import archive as archive_command
from cli.commands.recover import restore as restore_command
from cli.main import app
from cli.operated import Operated
from tests.fakes import ANNA, BEN, DAY, NOON, play
from tests.stores.conftest import REGION, TABLES, tables  # noqa: F401 - a fixture
from topk.domain.chunk import Chunk
from topk.domain.play import plays_of
from topk.domain.privacy.deletion import Deletion
from topk.stores.dynamodb.models import PlaysModel
from topk.stores.s3.archive import Archive
from topk.stores.s3.erased_users import ErasedUsers
from topk.stores.tables.plays import Plays

BUCKET = "archive"


@pytest.fixture
def place(tmp_path: Path, tables: None, monkeypatch: pytest.MonkeyPatch) -> Operated:  # noqa: F811
    boto3.client("s3", region_name=REGION).create_bucket(Bucket=BUCKET)
    made = Operated(
        name="local",
        region=REGION,
        outputs={f"Table{name}": name for name in TABLES.values()} | {"ArchiveBucket": BUCKET},
        tenants=("harbor",),
        retention_days=35,
        separate={},
        client=lambda service: get_session().create_client(service, region_name=REGION),
        now=lambda: NOON,
        kept=tmp_path,
        environment={},
    )
    for module in (archive_command, restore_command):
        monkeypatch.setattr(module, "operated", lambda **_: made)
    Plays(retention_days=35).append(
        Chunk(owner, "spotify", NOON - days * DAY, "a", (play("Dawn", NOON - days * DAY),))
        for owner in (ANNA, BEN)
        for days in (0, 1, 2, 20)
    )
    return made


def _say(*arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments], env={"COLUMNS": "200"})


def _archived(place: Operated) -> list[tuple[str, int]]:
    found = Archive(place.client("s3"), bucket=BUCKET)
    return sorted(
        (chunk.owner.user, (NOON - chunk.fetched_at) // DAY)
        for file in found.files()
        for chunk in found.read(file)
    )


def test_the_days_since_the_given_one_are_archived(place: Operated) -> None:
    done = _say("archive", "fill", "--yes")
    assert done.exit_code == 0, done.output
    assert "6 chunks added" in done.output
    assert _archived(place) == [(user, days) for user in ("anna", "ben") for days in (0, 1, 2)]


def test_files_of_the_function_are_kept_and_not_written_twice(place: Operated) -> None:
    of_function = Archive(place.client("s3"), bucket=BUCKET)
    chunk = Chunk(ANNA, "spotify", NOON - DAY, "a", (play("Dawn", NOON - DAY),))
    expired = Chunk(BEN, "spotify", NOON - 2 * DAY, "b", (play("Dusk", NOON - 2 * DAY),))
    files = of_function.write([chunk, expired], batch="first")
    assert "5 chunks added" in _say("archive", "fill", "--yes").output
    assert set(files) <= set(of_function.files())
    assert _archived(place) == [
        ("anna", 0), ("anna", 1), ("anna", 2), ("ben", 0), ("ben", 1), ("ben", 2), ("ben", 2),
    ]  # fmt: skip
    assert "0 chunks added" in _say("archive", "fill", "--yes").output


def test_repeated_chunks_are_counted_once(place: Operated) -> None:
    _say("archive", "fill", "--yes")
    again = Chunk(ANNA, "spotify", NOON - DAY, "again", (play("Dawn", NOON - DAY),))
    Archive(place.client("s3"), bucket=BUCKET).write([again], batch="first")
    done = _say("archive", "query", "select count(*) || ' plays' from plays")
    assert "6 plays" in done.stdout


def test_deletions_of_any_day_are_archived_and_restored_before_the_plays(
    place: Operated,
) -> None:
    plays = Plays(retention_days=35)
    gone = Deletion(NOON - 19 * DAY, "spotify")
    _say("archive", "fill", "--yes", "--from", "2026-10-01")
    plays.mark(ANNA, gone)
    assert ("anna", 20) in _archived(place)
    _say("archive", "fill", "--yes")
    assert ("anna", 20) not in _archived(place)
    for row in PlaysModel.scan():
        row.delete()
    assert _say("restore", "--yes").exit_code == 0
    assert plays.deletions(ANNA) == [gone]
    assert len([*plays_of(plays.since(ANNA, 0))]) == 3
    assert len([*plays_of(plays.since(BEN, 0))]) == 4
    assert "1 files changed" in _say("archive", "purge", "--yes").stdout


def test_a_late_chunk_is_archived_once_by_the_next_pass(
    place: Operated,
) -> None:
    _say("archive", "fill", "--yes", "--from", "2026-10-01")
    late = Chunk(ANNA, "partner", NOON - 2 * DAY, "late", (play("Dusk", NOON - 2 * DAY),))
    Plays(retention_days=35).append([late])
    _say("archive", "fill", "--yes")
    assert _archived(place) == [
        ("anna", 0), ("anna", 1), ("anna", 2), ("anna", 2), ("anna", 20),
        ("ben", 0), ("ben", 1), ("ben", 2), ("ben", 20),
    ]  # fmt: skip


def test_one_owner_is_restored_from_a_given_day(place: Operated) -> None:
    _say("archive", "fill", "--yes", "--from", "2026-10-01")
    for row in PlaysModel.scan():
        row.delete()
    done = _say("restore", "--owner", "harbor/anna", "--from", "2026-11-20", "--yes")
    assert done.exit_code == 0, done.output
    assert {(row.owner, row.chunk.split("#")[0]) for row in PlaysModel.scan()} == {
        ("harbor#anna", str(NOON)),
        ("harbor#anna", str(NOON - DAY)),
        ("harbor#anna", str(NOON - 2 * DAY)),
    }


def test_the_archive_can_be_queried_with_sql(place: Operated) -> None:
    _say("archive", "fill", "--yes")
    done = _say("archive", "query", "select day, count(*) as plays from plays group by day")
    assert done.exit_code == 0, done.output
    assert "2026-11-21" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["restore", "--owner", "anna"], "TENANT/USER"),
        (["restore", "--from", "yesterday"], "is not a date"),
        (["archive", "query", "select 1"], "is empty"),
    ],
)
def test_invalid_input_gets_one_line(place: Operated, arguments: list[str], says: str) -> None:
    done = _say(*arguments)
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert says in line


def test_erased_users_are_not_restored_and_removed_from_the_files(place: Operated) -> None:
    _say("archive", "fill", "--yes")
    list(ErasedUsers(place.client("s3"), bucket=BUCKET).mark(ANNA))
    asked = _say("archive", "query", 'select "user", count(*) as n from plays group by all')
    assert "ben" in asked.stdout
    assert "anna" not in asked.stdout
    for row in PlaysModel.scan():
        row.delete()
    assert _say("restore", "--yes").exit_code == 0
    assert {row.owner for row in PlaysModel.scan()} == {BEN.key}
    assert "3 files changed" in _say("archive", "purge", "--yes").stdout
    assert _archived(place) == [("ben", 0), ("ben", 1), ("ben", 2)]
