"""Uploaded histories in S3, which a browser writes by a signed form.

    imports/tenant=harbor/<digest of the user>/<import>

A key names nobody, since others log what is asked of S3. The bucket forgets uploads within days.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from botocore.exceptions import ClientError

from topk.domain.imports.history_import import UPLOAD_SECONDS, HistoryImport
from topk.domain.imports.reading import Fault, FileFaultError
from topk.domain.imports.upload import Upload, UploadTarget
from topk.domain.limits import LARGEST_IMPORT
from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.s3.exports import folder

FOLDER = "imports/"
BLOCK_BYTES = 8 * 1024 * 1024
"""What one request reads. Two are kept: an archive is read in two places by turns."""
_GONE = {"NoSuchKey", "404", "AccessDenied", "403"}
"""Without the permission to list, S3 answers a missing object as one that is forbidden."""
_CHANGED = {"PreconditionFailed", "412"}
_EMPTY = {"InvalidRange", "416"}


class Uploads:
    """`s3` is a client. Raises StoreError where S3 fails."""

    def __init__(self, s3: Any, *, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket

    def sign(self, owner: Owner, import_id: str) -> UploadTarget:
        """A form for one file of 1 to LARGEST_IMPORT bytes."""
        signed = self._s3.generate_presigned_post(
            self._bucket,
            _key(owner, import_id),
            Conditions=[["content-length-range", 1, LARGEST_IMPORT]],
            ExpiresIn=UPLOAD_SECONDS,
        )
        return UploadTarget(signed["url"], signed["fields"], UPLOAD_SECONDS)

    @contextmanager
    def open(self, one: HistoryImport) -> Iterator[Upload]:
        """The uploaded file, which is read in blocks as it is needed.

        Raises FileFaultError if there is none, or another than was read before.
        """
        raw = _Object(self._s3, self._bucket, _key(one.owner, one.import_id), one.etag)
        raw.begin()
        yield Upload(cast(BinaryIO, raw), raw.etag)

    def delete(self, owner: Owner, import_id: str) -> None:
        with translated("delete upload"):
            self._s3.delete_object(Bucket=self._bucket, Key=_key(owner, import_id))

    def erase(self, owner: Owner) -> Iterator[int]:
        """Delete the owner's uploads; yields after each page."""
        with translated("erase uploads"):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=folder(owner, FOLDER)):
                found = page.get("Contents", ())
                for each in found:
                    self._s3.delete_object(Bucket=self._bucket, Key=each["Key"])
                yield len(found)


class _Object(io.RawIOBase):
    """An object as a seekable file, of which two blocks are in memory."""

    def __init__(self, s3: Any, bucket: str, key: str, etag: str) -> None:
        super().__init__()
        self._s3, self._bucket, self._key = s3, bucket, key
        self.etag = etag
        self._at = self._size = 0
        self._blocks: dict[int, bytes] = {}

    def begin(self) -> None:
        """Read the first block, and with it the size."""
        self._blocks[0] = self._fetch(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("seek before the start")
        self._at = base + offset
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        end = self._size if size is None or size < 0 else min(self._size, self._at + size)
        found = []
        while self._at < end:
            number, within = divmod(self._at, BLOCK_BYTES)
            part = self._block(number)[within : within + end - self._at]
            if not part:
                break
            found.append(part)
            self._at += len(part)
        return b"".join(found)

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            while len(self._blocks) >= 2:
                del self._blocks[next(iter(self._blocks))]
            self._blocks[number] = self._fetch(number)
        return self._blocks[number]

    def _fetch(self, number: int) -> bytes:
        first = number * BLOCK_BYTES
        wanted = {"Range": f"bytes={first}-{first + BLOCK_BYTES - 1}"}
        if self.etag:
            wanted["IfMatch"] = self.etag
        with translated("read upload"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=self._key, **wanted)
            except ClientError as error:
                raise _fault_of(error) from error
            self.etag = answer["ETag"]
            self._size = int(answer["ContentRange"].rpartition("/")[2])
            body: bytes = answer["Body"].read()
            return body


def _fault_of(error: ClientError) -> Exception:
    code = error.response.get("Error", {}).get("Code", "")
    if code in _GONE:
        return FileFaultError(Fault.MISSING)
    if code in _EMPTY:
        return FileFaultError(Fault.EMPTY)
    return FileFaultError(Fault.CHANGED) if code in _CHANGED else error


def _key(owner: Owner, import_id: str) -> str:
    return f"{folder(owner, FOLDER)}{import_id}"
