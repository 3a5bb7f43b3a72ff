"""The archive as a purge processes it: days, and files of a day.

    purging/1795348800/2026-11-22      a day that a pass has not finished

What is open is an object, since S3 tells at once whether any is left.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from topk.domain.privacy.purge import PurgeJob
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.s3.archive import MARKED_FOR, PLAYS, Archive, folder
from topk.stores.s3.archived_deletions import FOLDER as DELETED
from topk.stores.s3.erased_users import FOLDER as ERASED
from topk.stores.s3.removals import FILES_AT_ONCE

OPEN = "purging/"


class Purging:
    """Raises StoreError where S3 fails. `s3` is a client."""

    def __init__(self, s3: Any, *, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket
        self._archive = Archive(s3, bucket=bucket)

    def is_needed(self) -> bool:
        """Whether any user is erased or any play deleted."""
        return any(next(self._files(within), None) for within in (ERASED, DELETED))

    def gather(self) -> None:
        """Merge deletions into few objects, without those of erased users."""
        self._archive.gather()

    def days(self) -> list[str]:
        """The days of the files."""
        with translated("list archive"):
            pages = self._s3.get_paginator("list_objects_v2")
            return [
                found["Prefix"].rstrip("/").rpartition("=")[2]
                for page in pages.paginate(Bucket=self._bucket, Prefix=PLAYS, Delimiter="/")
                for found in page.get("CommonPrefixes", ())
            ]

    def purge_day(self, day: str, *, after: str, time_left: Callable[[], bool]) -> str | None:
        """Takes what is erased or deleted out of the day's files beyond `after`; None when all are
        done, else the last that is, where no time is left."""
        removals = self._archive.removals()
        files = self._files(folder(day), after)
        with ThreadPoolExecutor(FILES_AT_ONCE) as pool:
            while some := list(islice(files, FILES_AT_ONCE)):
                list(pool.map(lambda file: self._archive.without(file, removals), some))
                if not time_left():
                    return some[-1]
        return None

    def forget(self, *, began: int) -> None:
        """Remove the marks that were old enough when the pass started."""
        earlier = datetime.fromtimestamp(began, UTC) - MARKED_FOR
        self._archive.forget(earlier=earlier)

    def open(self, job: PurgeJob, days: Iterable[str]) -> None:
        for day in days:
            with translated("open day"):
                self._s3.put_object(Bucket=self._bucket, Key=f"{_pass(job)}{day}", Body=b"")

    def close(self, job: PurgeJob) -> None:
        with translated("close day"):
            self._s3.delete_object(Bucket=self._bucket, Key=f"{_pass(job)}{job.day}")

    def done(self, job: PurgeJob) -> bool:
        """Whether no day of the pass is open."""
        return next(self._files(_pass(job)), None) is None

    def _files(self, beginning: str, after: str = "") -> Iterator[str]:
        with translated("list archive"):
            pages = self._s3.get_paginator("list_objects_v2")
            asked = {"Bucket": self._bucket, "Prefix": beginning, "StartAfter": after}
            for page in pages.paginate(**asked):
                yield from (found["Key"] for found in page.get("Contents", ()))


def _pass(job: PurgeJob) -> str:
    return f"{OPEN}{job.began}/"
