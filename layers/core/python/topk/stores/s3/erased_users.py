"""Marks of erased users beside the archive, applied by everything that reads or rewrites it.

    erased/tenant=harbor/<digest of the user>

A mark contains its digest as a line too, so that SQL can query it. This module does not import
Parquet, so that erasures load only what they need.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated

FOLDER = "erased/"


class ErasedUsers:
    """`s3` is a client. Raises StoreError where S3 fails."""

    def __init__(self, s3: Any, *, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket

    def mark(self, owner: Owner) -> Iterator[int]:
        """Mark the owner, so that readers of the archive omit their plays; yields when done."""
        digest = digest_of(owner.user)
        with translated("mark erased user"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=f"{_folder(owner.tenant)}{digest}",
                Body=f"{digest}\n".encode(),
            )
        yield 1

    def of(self, tenant: str) -> Mapping[str, datetime]:
        """The digests of a tenant's erased users, and when each was last marked, as S3 tells."""
        return dict(self.marks(tenant))

    def marks(self, tenant: str) -> Iterator[tuple[str, datetime]]:
        """As `of`, page by page and in order."""
        with translated("list erased users"):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=_folder(tenant)):
                for one in page.get("Contents", ()):
                    yield one["Key"].rpartition("/")[2], one["LastModified"]

    def forget(self, tenant: str, digest: str) -> None:
        """Remove a mark when no file contains the user any more."""
        with translated("forget erased user"):
            self._s3.delete_object(Bucket=self._bucket, Key=f"{_folder(tenant)}{digest}")


def digest_of(user: str) -> str:
    """The name of a user's mark: SHA-256, which Athena supports too."""
    return sha256(user.encode()).hexdigest()


def _folder(tenant: str) -> str:
    return f"{FOLDER}tenant={tenant}/"
