"""The archive of plays in S3: one Parquet object for each batch of chunks of a tenant and day.

    plays/tenant=harbor/day=2026-11-22/<digest>.parquet

A file is named by the keys of its chunks, so that a batch that comes again writes over itself. From
the moment that a user is marked as erased nothing of theirs is read, whatever is still there, and
the next purge takes it out of the files.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from topk.domain.chunk import Chunk
from topk.stores.archive_format import decode, encode, users, without
from topk.stores.erased_users import ErasedUsers, digest_of
from topk.stores.failures import translated

PLAYS = "plays/"
MARKED_FOR = timedelta(days=1)
"""A mark stays for so long at least: a pass that read plays before they were erased may write them
for as long as it runs."""


class Archive:
    """Raises StoreError where S3 fails. `s3` is a client."""

    def __init__(self, s3: Any, *, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket
        self._erased = ErasedUsers(s3, bucket=bucket)

    def write(self, chunks: Iterable[Chunk]) -> list[str]:
        """Writes all chunks or raises; the files they are in. A repeat changes nothing."""
        by_folder: dict[str, list[Chunk]] = defaultdict(list)
        for chunk in chunks:
            by_folder[_folder(chunk.owner.tenant, day_of(chunk.fetched_at))].append(chunk)
        files = {f"{folder}{_name(found)}.parquet": found for folder, found in by_folder.items()}
        for file, found in files.items():
            self._put(file, encode(found))
        return list(files)

    def keep_only(self, files: Collection[str], *, tenant: str, since: str, until: str) -> int:
        """Deletes a tenant's other files of the days from `since` to before `until`; how many.

        What a pass wrote replaces what an earlier one wrote of the same days in other batches.
        """
        beginning = f"{PLAYS}tenant={tenant}/day="
        stale = [
            file
            for file in self.files(tenant, since=since)
            if file < f"{beginning}{until}" and file not in files
        ]
        for file in stale:
            self._delete(file)
        return len(stale)

    def files(self, tenant: str, *, since: str = "") -> list[str]:
        """The keys of a tenant's files, from the day `since` (YYYY-MM-DD) on, oldest first."""
        beginning = f"{PLAYS}tenant={tenant}/"
        return [key for key in self._keys(beginning) if key >= f"{beginning}day={since}"]

    def read(self, file: str) -> list[Chunk]:
        """The chunks in a file, without those of users who are erased."""
        tenant = file.removeprefix(f"{PLAYS}tenant=").partition("/")[0]
        gone = self._erased.of(tenant)
        return [one for one in self._chunks(file, tenant) if digest_of(one.owner.user) not in gone]

    def purge(self, tenant: str, *, now: datetime) -> int:
        """Takes all that is erased out of a tenant's files; how many were changed.

        One pass for all who left since the last. Interrupted, it begins again: what marks them as
        erased goes last, where it is older than MARKED_FOR at `now`, which is S3's time.
        """
        gone = self._erased.of(tenant)
        changed = sum(self.without(file, gone) for file in self.files(tenant)) if gone else 0
        for digest, marked_at in gone.items():
            if marked_at < now - MARKED_FOR:
                self._erased.forget(tenant, digest)
        return changed

    def without(self, file: str, gone: Collection[str]) -> bool:
        """Takes the users whose digests are in `gone` out of a file; whether any were in it.

        Raises StoreError where another pass writes or deletes the file meanwhile.
        """
        body, tag = self._read(file)
        found = users(body)
        left = {user for user in found if digest_of(user) in gone}
        if left == found:
            self._delete(file)
        elif left:
            self._put(file, without(body, left), IfMatch=tag)
        return bool(left)

    def _chunks(self, file: str, tenant: str) -> list[Chunk]:
        return decode(self._read(file)[0], tenant)

    def _read(self, file: str) -> tuple[bytes, str]:
        """The body, and the tag by which S3 tells one body from another."""
        with translated("read archive"):
            found = self._s3.get_object(Bucket=self._bucket, Key=file)
            return found["Body"].read(), found["ETag"]

    def _keys(self, beginning: str) -> Iterator[str]:
        with translated("list archive"):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=beginning):
                yield from (found["Key"] for found in page.get("Contents", ()))

    def _put(self, key: str, body: bytes, **only_if: str) -> None:
        with translated("write archive"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, **only_if)

    def _delete(self, key: str) -> None:
        with translated("delete from archive"):
            self._s3.delete_object(Bucket=self._bucket, Key=key)


def day_of(moment: int) -> str:
    """The UTC day of a moment (epoch seconds), as YYYY-MM-DD."""
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def _folder(tenant: str, day: str) -> str:
    return f"{PLAYS}tenant={tenant}/day={day}/"


def _name(chunks: Iterable[Chunk]) -> str:
    keys = sorted(
        f"{one.owner.key}\n{one.fetched_at}\n{one.provider}\n{one.crawl_id}" for one in chunks
    )
    return _digest("\n\n".join(keys))


def _digest(told: str) -> str:
    return blake2b(told.encode(), digest_size=16).hexdigest()
