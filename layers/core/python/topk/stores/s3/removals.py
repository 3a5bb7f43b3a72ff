"""What a purge takes out of a tenant's files: erased users and deleted plays, in bounded memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from topk.domain.play_log import OwnedDeletion
from topk.domain.privacy.deletion import Deletion
from topk.stores.s3 import archived_deletions
from topk.stores.s3.archived_deletions import ArchivedDeletions
from topk.stores.s3.erased_users import ErasedUsers

FILES_AT_ONCE = 8
"""Files in progress at once, to hide S3's latency."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Digests of erased users, and deletions by user."""

    gone: frozenset[str]
    deleted: Mapping[str, Sequence[Deletion]]


class Removals:
    """All removals of `tenant`. Iterate once for each file, at most FILES_AT_ONCE at a time.

    If there are fewer than MOST_HELD, they are read once. Otherwise each iteration reads them again
    in parts, so that all iterations together hold at most MOST_HELD.
    """

    def __init__(self, erased: ErasedUsers, deleted: ArchivedDeletions, tenant: str) -> None:
        self._erased, self._deleted, self._tenant = erased, deleted, tenant
        most = archived_deletions.MOST_HELD
        found = list(islice(self._records(), most))
        self._whole = (_removal(found),) if len(found) < most else None

    def __iter__(self) -> Iterator[Removal]:
        if self._whole is not None:
            yield from self._whole
            return
        records = self._records()
        while some := list(islice(records, archived_deletions.MOST_HELD // FILES_AT_ONCE)):
            yield _removal(some)

    def _records(self) -> Iterator[str | OwnedDeletion]:
        marks = (digest for digest, _ in self._erased.marks(self._tenant))
        return chain(marks, self._deleted.every(self._tenant))


def _removal(records: Iterable[str | OwnedDeletion]) -> Removal:
    gone: set[str] = set()
    deleted: dict[str, list[Deletion]] = defaultdict(list)
    for record in records:
        if isinstance(record, str):
            gone.add(record)
        else:
            owner, deletion = record
            deleted[owner.user].append(deletion)
    return Removal(frozenset(gone), dict(deleted))
