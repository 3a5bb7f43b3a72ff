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
from topk.stores.codecs.archive_format import users
from topk.stores.s3.erased_users import ErasedUsers, digest_of

BEGAN = 1_893_466_800
"""2030-01-01T03:00:00Z, as the fixtures have it: later than any mark that a test makes."""


def _queued() -> list[PurgeJob]:
    sqs, url = boto3.client("sqs", region_name=REGION), os.environ["PURGE_QUEUE_URL"]
    found = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in got:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
            found.append(purging().queue.parse(one["Body"]))
    return found


def _files() -> dict[str, set[str]]:
    """Who stands in which file of plays; other objects with nobody."""
    s3 = boto3.client("s3", region_name=REGION)
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=ARCHIVE).get("Contents", ())]
    return {key: users(_body(s3, key)) if key.endswith(".parquet") else set() for key in keys}


def _body(s3: Any, key: str) -> bytes:
    return bytes(s3.get_object(Bucket=ARCHIVE, Key=key)["Body"].read())


def test_a_pass_goes_from_tenants_to_days_to_files_and_takes_the_marks_at_last(
    stage: Stage,
) -> None:
    with hugo_was_erased_and_is_in_the_archive():
        stage.play("purge/weekly")
        assert _queued() == [PurgeJob(BEGAN, "harbor")]
        stage.play("purge/tenant")
        assert _queued() == [PurgeJob(BEGAN, "harbor", "2026-11-22")]
        assert f"purging/tenant=harbor/{BEGAN}/2026-11-22" in _files()
        stage.play("purge/day")
        assert _queued() == []
        [(file, there)] = _files().items()
        assert file.startswith("plays/tenant=harbor/day=2026-11-22/")
        assert there == {"anna"}


def test_a_file_in_which_nobody_is_left_goes(stage: Stage) -> None:
    with hugo_alone_was_in_the_archive():
        stage.play("purge/day")
        assert _files() == {}


def test_what_is_deleted_goes_out_of_the_files_though_nobody_is_erased(stage: Stage) -> None:
    with anna_and_hugo_are_in_the_archive():
        purging().archive._archive.note([(HUGO, Deletion(NOON, "spotify"))])
        for piece in ("weekly", "tenant", "day"):
            stage.play(f"purge/{piece}")
        assert _queued() == [PurgeJob(BEGAN, "harbor"), PurgeJob(BEGAN, "harbor", "2026-11-22")]
        [(deletion, _), (file, there)] = sorted(_files().items())
        assert deletion.startswith("deleted/tenant=harbor/"), "it holds for what comes later too"
        assert (file.partition("/")[0], there) == ("plays", {"anna"})


def test_a_mark_that_is_not_a_day_old_when_the_pass_begins_stays(stage: Stage) -> None:
    with hugo_was_erased_and_is_in_the_archive():
        s3 = boto3.client("s3", region_name=REGION)
        (marked_at,) = ErasedUsers(s3, bucket=ARCHIVE).of("harbor").values()
        began = int(marked_at.timestamp()) + 86_000
        purging().archive.forget("harbor", began=began)
        assert f"erased/tenant=harbor/{digest_of(HUGO.user)}" in _files()
        purging().archive.forget("harbor", began=began + 1000)
        assert f"erased/tenant=harbor/{digest_of(HUGO.user)}" not in _files()


def test_without_marks_there_is_nothing_to_do(stage: Stage) -> None:
    stage.play("purge/weekly")
    stage.play("purge/day_goes_on")
    assert stage.changed == {}


def test_a_message_that_cannot_be_read_fails_and_so_ends_among_the_dead_letters(
    stage: Stage,
) -> None:
    with pytest.raises(MalformedMessageError):
        stage.play("purge/malformed")


def test_a_file_that_changed_meanwhile_is_not_written_over(stage: Stage) -> None:
    with hugo_was_erased_and_is_in_the_archive():
        s3, archive = boto3.client("s3", region_name=REGION), purging().archive._archive
        (file,) = archive.files("harbor")
        read = archive._read

        def read_then_rewritten(file: str) -> tuple[bytes, str]:
            found = read(file)
            s3.put_object(Bucket=ARCHIVE, Key=file, Body=found[0] + b"more")
            return found

        with (
            patch.object(archive, "_read", read_then_rewritten),
            pytest.raises(StoreError, match="write archive"),
        ):
            archive.without(file, {digest_of(HUGO.user)}, {})
        assert _body(s3, file).endswith(b"more")


def test_what_the_schedule_sends_is_what_the_queue_is_read_for(stage: Stage) -> None:
    sent = json.dumps({"began": "2030-01-01T03:00:00Z"})
    assert purging().queue.parse(sent) == PurgeJob(BEGAN)
    assert stage.changed == {}
