"""Marks of erased users beside the archive, applied by everything that reads or rewrites it.

    erased/tenant=harbor/<digest of the user>

A mark contains its tenant and digest as a line too, so that SQL can query it. This module does not
import Parquet, so that erasures load only what they need.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated

FOLDER = "erased/"


class Mark(NamedTuple):
    """An erased user, by the digest of their id."""

    tenant: str
    digest: str


class ErasedUsers:
    """`s3` is a client. Raises StoreError where S3 fails."""

    def __init__(self, s3: Any, *, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket

    def mark(self, owner: Owner) -> Iterator[int]:
        """Mark the owner, so that readers of the archive omit their plays; yields when done."""
        mark = mark_of(owner)
        with translated("mark erased user"):
            self._s3.put_object(
                Bucket=self._bucket, Key=_key(mark), Body=f"{','.join(mark)}\n".encode()
            )
        yield 1

    def marks(self) -> Iterator[tuple[Mark, datetime]]:
        """All marks, and when each was last written, as S3 tells; page by page and in order."""
        with translated("list erased users"):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=FOLDER):
                for one in page.get("Contents", ()):
                    yield _parsed(one["Key"]), one["LastModified"]

    def forget(self, mark: Mark) -> None:
        """Remove a mark when no file contains the user any more."""
        with translated("forget erased user"):
            self._s3.delete_object(Bucket=self._bucket, Key=_key(mark))


def mark_of(owner: Owner) -> Mark:
    return Mark(owner.tenant, digest_of(owner.user))


def digest_of(user: str) -> str:
    """The name of a user's mark: SHA-256, which Athena supports too."""
    return sha256(user.encode()).hexdigest()


def _key(mark: Mark) -> str:
    return f"{FOLDER}tenant={mark.tenant}/{mark.digest}"


def _parsed(key: str) -> Mark:
    tenant, _, digest = key.removeprefix(f"{FOLDER}tenant=").partition("/")
    return Mark(tenant, digest)
