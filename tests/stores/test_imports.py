"""Rows of imports and uploaded files, in moto."""

from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.fakes import ANNA, BEN, NOON
from topk.domain.errors import ConflictError
from topk.domain.imports.history_import import (
    KEPT_SECONDS,
    Block,
    HistoryImport,
    Position,
    Status,
)
from topk.domain.imports.reading import Fault, FileFaultError, Left
from topk.domain.imports.receipt import FileReceipt, Receipt
from topk.stores.imports import uploads as module
from topk.stores.imports.import_table import Imports
from topk.stores.imports.uploads import Uploads

BUCKET = "uploads"
FULL = HistoryImport(
    ANNA,
    "one",
    "history.zip",
    NOON,
    status=Status.READING,
    started_at=NOON + 1,
    finished_at=NOON + 2,
    etag="tag",
    files=3,
    position=Position(2, 7, Block(1, 5, 9)),
    receipt=Receipt(
        read=3,
        new=1,
        left={Left.KNOWN: 1, Left.TIME: 1},
        examples={Left.TIME: ("never",)},
        files=(FileReceipt("a.json", "maloja", 3, Fault.CUT),),
        files_read=1,
    ),
)


pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def s3() -> Any:
    signing = Config(signature_version="s3v4")
    client = boto3.client("s3", region_name="us-east-1", config=signing)
    client.create_bucket(Bucket=BUCKET)
    return client


def test_an_import_is_read_as_it_was_written() -> None:
    Imports().put(FULL)
    assert Imports().get(ANNA, "one") == FULL
    assert Imports().get(BEN, "one") is None


def test_of_two_writers_of_one_version_the_second_is_refused() -> None:
    Imports().put(FULL)
    following = Imports().update(replace(FULL, files=4))
    assert following.version == FULL.version + 1
    with pytest.raises(ConflictError):
        Imports().update(replace(FULL, files=5))
    assert Imports().get(ANNA, "one") == following


def test_an_update_does_not_bring_back_what_was_erased() -> None:
    Imports().put(FULL)
    assert sum(Imports().erase(ANNA)) == 1
    with pytest.raises(ConflictError):
        Imports().update(FULL)


def test_the_latest_imports_are_first_and_old_ones_gone() -> None:
    for number in range(3):
        Imports().put(replace(FULL, import_id=f"i{number}", created_at=NOON + number))
    found = Imports().of_owner(ANNA, now=NOON + KEPT_SECONDS)
    assert [one.import_id for one in found] == ["i2", "i1"]


def test_a_file_is_read_in_blocks_from_any_place(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", 7)
    content = bytes(range(100))
    _put(s3, content)
    with Uploads(s3, bucket=BUCKET).open(replace(FULL, etag="")) as upload:
        file = upload.file
        assert file.read(10) == content[:10]
        assert file.seek(-5, 2) == 95
        assert file.read() == content[95:]
        assert file.seek(3) == 3
        assert file.read(50) == content[3:53]
        assert file.tell() == 53
        assert upload.etag


def test_a_file_that_is_missing_empty_or_another_one_is_a_fault(s3: Any) -> None:
    uploads = Uploads(s3, bucket=BUCKET)
    with pytest.raises(FileFaultError, match=Fault.MISSING), uploads.open(FULL):
        pass
    _put(s3, b"")
    with pytest.raises(FileFaultError, match=Fault.EMPTY), uploads.open(replace(FULL, etag="")):
        pass
    _put(s3, b"[]")
    with pytest.raises(FileFaultError, match=Fault.CHANGED), uploads.open(FULL):
        pass


def test_the_form_limits_the_size_and_names_nobody(s3: Any) -> None:
    target = Uploads(s3, bucket=BUCKET).sign(ANNA, "one")
    assert ANNA.user not in target.fields["key"]
    assert target.fields["key"].endswith("/one")
    assert {"policy", "x-amz-signature"} <= {name.lower() for name in target.fields}


def test_an_owners_uploads_are_erased_and_no_others(s3: Any) -> None:
    uploads = Uploads(s3, bucket=BUCKET)
    for owner in (ANNA, BEN):
        s3.put_object(Bucket=BUCKET, Key=uploads.sign(owner, "one").fields["key"], Body=b"[]")
    assert sum(uploads.erase(ANNA)) == 1
    left = s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert [one["Key"] for one in left] == [uploads.sign(BEN, "one").fields["key"]]


def _put(s3: Any, content: bytes) -> None:
    key = Uploads(s3, bucket=BUCKET).sign(ANNA, "one").fields["key"]
    s3.put_object(Bucket=BUCKET, Key=key, Body=content)
