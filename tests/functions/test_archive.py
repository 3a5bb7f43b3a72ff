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
    """How many plays of whom the archive gives."""
    archive = archiving().archive
    found: dict[str, int] = {}
    for file in archive.files("harbor"):
        for chunk in archive.read(file):
            found[chunk.owner.user] = found.get(chunk.owner.user, 0) + len(chunk.plays)
    return found


def _event(case: str) -> Any:
    return json.loads((EVENTS / "archive" / f"{case}.json").read_text(encoding="utf-8"))


def test_the_plays_of_a_batch_are_in_the_folder_of_their_tenant_and_day(stage: Stage) -> None:
    stage.play("archive/batch")
    assert _read() == {"anna": 6, "ben": 9}
    [[file]] = stage.changed.values()
    assert file.startswith("plays/tenant=harbor/day=2026-11-22/")


def test_a_batch_that_comes_again_cut_otherwise_writes_over_itself(stage: Stage) -> None:
    stage.play("archive/batch")
    stage.play("archive/shorter")
    assert _read() == {"anna": 6}
    rest = _event("batch")
    rest["Records"] = rest["Records"][1:]
    stage.call("archive", rest)
    assert _read() == {"anna": 6, "ben": 9}


def test_a_deletion_is_noted_and_what_it_covers_is_read_no_more(stage: Stage) -> None:
    stage.play("archive/batch")
    with anna_deleted_what_spotify_told():
        stage.play("archive/deletion")
    assert _read() == {"ben": 9 + 9}, "the same chunk is in two files"
    s3 = boto3.client("s3", region_name=REGION)
    noted = Archive(s3, bucket=ARCHIVE).deletions("harbor")
    assert list(noted) == [(ANNA, Deletion(NOON, "spotify"))]


def test_what_is_there_no_more_is_not_archived(stage: Stage) -> None:
    stage.play("archive/gone")
    assert stage.changed == {}


def test_what_cannot_be_read_is_counted_and_holds_up_nothing(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.play("archive/unreadable")
    assert _read() == {"anna": 6, "ben": 9}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["RowsUnreadable"] for one in lines if "RowsUnreadable" in one] == [[3.0]]
    assert [one["ChunksArchived"] for one in lines if "ChunksArchived" in one] == [[2.0]]
    assert not any("anna" in str(one) or "erin" in str(one) for one in lines)


def test_a_batch_fails_as_a_whole_where_s3_does(stage: Stage) -> None:
    with (
        patch.object(Archive, "_put", side_effect=StoreError("write archive")),
        pytest.raises(StoreError, match="write archive"),
    ):
        stage.play("archive/batch")
