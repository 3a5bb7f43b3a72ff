"""purge: pieces of a pass as the queue delivers them."""

import json
import os
from typing import Any
from unittest.mock import patch

import boto3
import pytest

from cli.sandbox.deployment import ARCHIVE, REGION
from cli.sandbox.people import NOON
from functions.purge.wiring import purging
from tests.functions.conftest import Stage
from tests.functions.scenes import (
    HUGO,
    anna_and_hugo_are_in_the_archive,
    hugo_alone_was_in_the_archive,
    hugo_was_erased_and_is_in_the_archive,
)
from topk.domain.errors import MalformedMessageError, StoreError
from topk.domain.privacy.deletion import Deletion
from topk.domain.privacy.purge import PurgeJob
from topk.stores.codecs.archive_format import owners
from topk.stores.s3.erased_users import ErasedUsers, digest_of, mark_of
from topk.stores.s3.removals import Removal

BEGAN = 1_893_466_800
"""2030-01-01T03:00:00Z, as in the fixtures: later than any mark in a test."""


def _queued() -> list[PurgeJob]:
    sqs, url = boto3.client("sqs", region_name=REGION), os.environ["PURGE_QUEUE_URL"]
    found = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in got:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
            found.append(purging().queue.parse(one["Body"]))
    return found


def _files() -> dict[str, set[str]]:
    """Users per file of plays; other objects have no users."""
    s3 = boto3.client("s3", region_name=REGION)
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=ARCHIVE).get("Contents", ())]
    return {key: _users(_body(s3, key)) if key.endswith(".parquet") else set() for key in keys}


def _users(body: bytes) -> set[str]:
    return {owner.user for owner in owners(body)}


def _body(s3: Any, key: str) -> bytes:
    return bytes(s3.get_object(Bucket=ARCHIVE, Key=key)["Body"].read())


def test_a_pass_goes_from_days_to_files_and_removes_the_marks_last(
    stage: Stage,
) -> None:
    with hugo_was_erased_and_is_in_the_archive():
        stage.play("purge/weekly")
        assert _queued() == [PurgeJob(BEGAN, "2026-11-22")]
        assert f"purging/{BEGAN}/2026-11-22" in _files()
        stage.play("purge/day")
        assert _queued() == []
        [(file, there)] = _files().items()
        assert file.startswith("plays/day=2026-11-22/")
        assert there == {"anna"}


def test_a_file_without_users_left_is_deleted(stage: Stage) -> None:
    with hugo_alone_was_in_the_archive():
        stage.play("purge/day")
        assert _files() == {}


def test_deleted_plays_leave_the_files_without_any_erasure(stage: Stage) -> None:
    with anna_and_hugo_are_in_the_archive():
        purging().archive._archive.note([(HUGO, Deletion(NOON, "spotify"))])
        for piece in ("weekly", "day"):
            stage.play(f"purge/{piece}")
        assert _queued() == [PurgeJob(BEGAN, "2026-11-22")]
        [(deletion, _), (file, there)] = sorted(_files().items())
        assert deletion.startswith("deleted/"), "it holds for what comes later too"
        assert (file.partition("/")[0], there) == ("plays", {"anna"})


def test_a_mark_younger_than_a_day_is_kept(stage: Stage) -> None:
    with hugo_was_erased_and_is_in_the_archive():
        s3 = boto3.client("s3", region_name=REGION)
        ((_, marked_at),) = ErasedUsers(s3, bucket=ARCHIVE).marks()
        began = int(marked_at.timestamp()) + 86_000
        purging().archive.forget(began=began)
        assert f"erased/tenant=harbor/{digest_of(HUGO.user)}" in _files()
        purging().archive.forget(began=began + 1000)
        assert f"erased/tenant=harbor/{digest_of(HUGO.user)}" not in _files()


def test_without_marks_there_is_nothing_to_do(stage: Stage) -> None:
    stage.play("purge/weekly")
    stage.play("purge/day_goes_on")
    assert stage.changed == {}


def test_an_unreadable_message_fails_and_is_dead_lettered(
    stage: Stage,
) -> None:
    with pytest.raises(MalformedMessageError):
        stage.play("purge/malformed")


def test_a_file_changed_meanwhile_is_not_overwritten(stage: Stage) -> None:
    with hugo_was_erased_and_is_in_the_archive():
        s3, archive = boto3.client("s3", region_name=REGION), purging().archive._archive
        (file,) = archive.files()
        read = archive._read

        def read_then_rewritten(file: str) -> tuple[bytes, str]:
            found = read(file)
            s3.put_object(Bucket=ARCHIVE, Key=file, Body=found[0] + b"more")
            return found

        with (
            patch.object(archive, "_read", read_then_rewritten),
            pytest.raises(StoreError, match="write archive"),
        ):
            archive.without(file, [Removal(frozenset({mark_of(HUGO)}), {})])
        assert _body(s3, file).endswith(b"more")


def test_the_scheduled_message_is_one_that_the_function_accepts(stage: Stage) -> None:
    sent = json.dumps({"began": "2030-01-01T03:00:00Z"})
    assert purging().queue.parse(sent) == PurgeJob(BEGAN)
    assert stage.changed == {}
