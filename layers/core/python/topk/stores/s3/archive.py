"""The archive of plays in S3: one Parquet object for each batch of chunks and day.

    plays/day=2026-11-22/<digest>.parquet

Its rows name their tenants, so that the number of objects does not depend on that of the tenants.
A batch that comes again writes over itself, and a play may stand in several files: who reads counts
each once. From the moment that a user is marked as erased, or a deletion noted, nothing of that is
read, whatever is still there, and the next purge takes it out of the files.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from topk.domain.chunk import Chunk, remaining
from topk.domain.owner import Owner
from topk.domain.play_log import OwnedCorrected, OwnedDeletion
from topk.domain.privacy.deletion import Deletions
from topk.stores.codecs.archive_format import chunks_in, decode, encode, owners, without
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.s3.archived_deletions import ArchivedDeletions
from topk.stores.s3.erased_users import ErasedUsers, Mark, mark_of
from topk.stores.s3.removals import Removal, Removals

PLAYS = "plays/"
MARKED_FOR = timedelta(days=1)
"""Minimum age of a mark before its removal: a pass that read plays before the erasure may still
write them.
"""


class Archive:
    """Raises StoreError where S3 fails. `s3` is a client."""

    def __init__(self, s3: Any, *, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket
        self._erased = ErasedUsers(s3, bucket=bucket)
        self._deleted = ArchivedDeletions(s3, bucket=bucket)

    def write(self, chunks: Iterable[Chunk], *, batch: str = "") -> list[str]:
        """Writes all chunks or raises; the files they are in. A repeat changes nothing.

        In place of what an attempt at the same `batch` wrote, with however many chunks. Without one
        a file is named by the chunks in it.
        """
        by_folder: dict[str, list[Chunk]] = defaultdict(list)
        for chunk in chunks:
            by_folder[folder(day_of(chunk.fetched_at))].append(chunk)
        files = {
            f"{of_day}{_digest(batch or _keys(found))}.parquet": found
            for of_day, found in by_folder.items()
        }
        for file, found in files.items():
            self._put(file, encode(found))
        return list(files)

    def note(
        self, deletions: Sequence[OwnedDeletion], corrections: Sequence[OwnedCorrected] = ()
    ) -> None:
        """Record deletions, which restores and queries then apply, and corrections. Idempotent."""
        self._deleted.write(deletions, corrections)

    def deletions(self) -> Iterator[OwnedDeletion]:
        """All recorded deletions, without those of erased users."""
        gone = self._marks()
        for owner, deleted in self._deleted.by_owner().items():
            if mark_of(owner) not in gone:
                yield from ((owner, one) for one in deleted)

    def corrections(self) -> Iterator[OwnedCorrected]:
        """All recorded corrections and undone ones, without those of erased users."""
        gone = self._marks()
        for owner, corrected in self._deleted.corrections().items():
            if mark_of(owner) not in gone:
                yield from ((owner, one) for one in corrected)

    def chunks_of(self, day: str) -> Iterator[tuple[Owner, str, int, str]]:
        """(owner, provider, fetched_at, crawl_id) of each chunk in a day's files."""
        for file in self._listed(folder(day)):
            body, _ = self._read(file)
            yield from chunks_in(body)

    def files(self, *, since: str = "") -> list[str]:
        """The keys of the files, from the day `since` (YYYY-MM-DD) on, oldest first."""
        return [key for key in self._listed(PLAYS) if key >= f"{PLAYS}day={since}"]

    def read(self, file: str) -> list[Chunk]:
        """The chunks in a file, without erased users and deleted plays."""
        gone = self._marks()
        found = [one for one in self._chunks(file) if mark_of(one.owner) not in gone]
        noted = self._deleted.by_owner()
        owners = {one.owner for one in found} & noted.keys()
        deleted = {owner: Deletions(noted[owner]) for owner in owners}
        left = (_left(one, deleted.get(one.owner)) for one in found)
        return [one for one in left if one.plays]

    def purge(self, *, now: datetime) -> int:
        """Takes all that is erased or deleted out of the files; how many were changed.

        One pass for all who left since the last. Interrupted, it begins again: what marks them as
        erased goes last, where it is older than MARKED_FOR at `now`, which is S3's time.
        """
        self.gather()
        removals = self.removals()
        changed = sum(self.without(file, removals) for file in self.files())
        self.forget(earlier=now - MARKED_FOR)
        return changed

    def forget(self, *, earlier: datetime) -> None:
        """Remove the marks of erased users that were written `earlier`."""
        for mark, marked_at in self._erased.marks():
            if marked_at < earlier:
                self._erased.forget(mark)

    def removals(self) -> Removals:
        return Removals(self._erased, self._deleted)

    def gather(self) -> None:
        """Merge deletions into few objects, without those of erased users."""
        self._deleted.gather(erased=lambda: (mark for mark, _ in self._erased.marks()))

    def without(self, file: str, removals: Iterable[Removal]) -> bool:
        """Takes erased users and deleted plays out of a file; whether there was any of it.

        Raises StoreError where another pass writes or deletes the file meanwhile.
        """
        body, tag = self._read(file)
        found = owners(body)
        marks = {mark_of(owner): owner for owner in found}
        kept: bytes | None = None
        for removal in removals:
            left = {marks[mark] for mark in removal.gone & marks.keys()}
            of_file = {owner: removal.deleted[owner] for owner in removal.deleted.keys() & found}
            if left or of_file:
                changed = without(body if kept is None else kept, left, of_file)
                kept = kept if changed is None else changed
            if kept == b"":
                break
        if kept:
            self._put(file, kept, IfMatch=tag)
        elif kept is not None:
            self._delete(file)
        return kept is not None

    def _marks(self) -> set[Mark]:
        return {mark for mark, _ in self._erased.marks()}

    def _chunks(self, file: str) -> list[Chunk]:
        return decode(self._read(file)[0])

    def _read(self, file: str) -> tuple[bytes, str]:
        """The body, and the tag by which S3 tells one body from another."""
        with translated("read archive"):
            found = self._s3.get_object(Bucket=self._bucket, Key=file)
            return found["Body"].read(), found["ETag"]

    def _listed(self, beginning: str) -> Iterator[str]:
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


def folder(day: str) -> str:
    """The beginning of the keys of a day's files."""
    return f"{PLAYS}day={day}/"


def _left(chunk: Chunk, deleted: Deletions | None) -> Chunk:
    """The chunk as stored in Plays after deletions are applied."""
    if deleted is None:
        return chunk
    kept = [play for play in chunk.plays if not deleted.cover(play)]
    return chunk if len(kept) == len(chunk.plays) else remaining(chunk, kept)


def _keys(chunks: Iterable[Chunk]) -> str:
    keys = sorted(
        f"{one.owner.key}\n{one.fetched_at}\n{one.provider}\n{one.crawl_id}" for one in chunks
    )
    return "\n\n".join(keys)


def _digest(told: str) -> str:
    return blake2b(told.encode(), digest_size=16).hexdigest()
