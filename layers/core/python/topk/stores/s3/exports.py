"""Exports in S3: what users had written of themselves, gzipped, for a link of some minutes.

    exports/tenant=harbor/<digest of the user>/<moment>.json

A key names nobody, since others log what is asked of S3. The bucket forgets them within days.
"""

import gzip
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from tempfile import TemporaryFile
from typing import Any

from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated

LINK_SECONDS = 600
"""Lifetime of a link."""
FOLDER = "exports/"
_FILE = "top-songs.json"


class Exports:
    """`s3` is a client. Raises StoreError where S3 fails."""

    def __init__(self, s3: Any, *, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket

    def write(self, owner: Owner, pieces: Iterable[bytes], *, now: int) -> str:
        """Writes `pieces`, one after the other, as one JSON file; returns the link to it.

        They pass through a file on disk, so that memory holds one at a time and S3 gets all or
        nothing.
        """
        key = f"{folder(owner, FOLDER)}{now}.json"
        with TemporaryFile() as file:
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as zipped:
                for piece in pieces:
                    zipped.write(piece)
            file.seek(0)
            with translated("write export"):
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=file,
                    ContentType="application/json",
                    ContentEncoding="gzip",
                    ContentDisposition=f'attachment; filename="{_FILE}"',
                )
        return self._link(key)

    def erase(self, owner: Owner) -> Iterator[int]:
        """Delete the owner's exports; yields after each page."""
        with translated("erase exports"):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=folder(owner, FOLDER)):
                found = page.get("Contents", ())
                for one in found:
                    self._s3.delete_object(Bucket=self._bucket, Key=one["Key"])
                yield len(found)

    def _link(self, key: str) -> str:
        link: str = self._s3.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=LINK_SECONDS
        )
        return link


def folder(owner: Owner, top: str) -> str:
    """The folder of `owner` in `top`: a digest in place of the user's id."""
    digest = blake2b(owner.key.encode(), digest_size=16).hexdigest()
    return f"{top}tenant={owner.tenant}/{digest}/"
