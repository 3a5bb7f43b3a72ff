"""archive: batches of the stream of Plays as Lambda delivers them."""

import json
from typing import Any
from unittest.mock import patch

import boto3
import pytest

from cli.sandbox.deployment import ARCHIVE, REGION
from functions.archive.wiring import archiving
from tests.functions.conftest import EVENTS, Stage
from tests.functions.scenes import ANNA, anna_deleted_what_spotify_told
from topk.domain.errors import StoreError
from topk.domain.privacy.deletion import Deletion
from topk.stores.s3.archive import Archive

NOON = 1_795_348_800


def _read() -> dict[str, int]:
    """Number of plays per user in the archive."""
    archive = archiving().archive
    found: dict[str, int] = {}
    for file in archive.files():
        for chunk in archive.read(file):
            found[chunk.owner.user] = found.get(chunk.owner.user, 0) + len(chunk.plays)
    return found


def _event(case: str) -> Any:
    return json.loads((EVENTS / "archive" / f"{case}.json").read_text(encoding="utf-8"))


def test_the_plays_of_a_batch_are_stored_by_day(stage: Stage) -> None:
    stage.play("archive/batch")
    assert _read() == {"anna": 6, "ben": 9}
    [[file]] = stage.changed.values()
    assert file.startswith("plays/day=2026-11-22/")


def test_a_repeated_batch_with_other_boundaries_overwrites_itself(stage: Stage) -> None:
    stage.play("archive/batch")
    stage.play("archive/shorter")
    assert _read() == {"anna": 6}
    rest = _event("batch")
    rest["Records"] = rest["Records"][1:]
    stage.call("archive", rest)
    assert _read() == {"anna": 6, "ben": 9}


def test_a_deletion_is_stored_and_the_plays_it_covers_are_not_read(stage: Stage) -> None:
    stage.play("archive/batch")
    with anna_deleted_what_spotify_told():
        stage.play("archive/deletion")
    assert _read() == {"ben": 9 + 9}, "the same chunk is in two files"
    s3 = boto3.client("s3", region_name=REGION)
    noted = Archive(s3, bucket=ARCHIVE).deletions()
    assert list(noted) == [(ANNA, Deletion(NOON, "spotify"))]


def test_deleted_rows_are_not_archived(stage: Stage) -> None:
    stage.play("archive/gone")
    assert stage.changed == {}


def test_unreadable_rows_are_counted_and_skipped(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.play("archive/unreadable")
    assert _read() == {"anna": 6, "ben": 9}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["RowsUnreadable"] for one in lines if "RowsUnreadable" in one] == [[3.0]]
    assert [one["ChunksArchived"] for one in lines if "ChunksArchived" in one] == [[2.0]]
    assert not any("anna" in str(one) or "erin" in str(one) for one in lines)


def test_a_batch_fails_as_a_whole_if_s3_fails(stage: Stage) -> None:
    with (
        patch.object(Archive, "_put", side_effect=StoreError("write archive")),
        pytest.raises(StoreError, match="write archive"),
    ):
        stage.play("archive/batch")
