"""What a purge takes out of the files: erased users and deleted plays, in bounded memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from topk.domain.owner import Owner
from topk.domain.play_log import OwnedDeletion
from topk.domain.privacy.deletion import Deletion
from topk.stores.s3 import archived_deletions
from topk.stores.s3.archived_deletions import ArchivedDeletions
from topk.stores.s3.erased_users import ErasedUsers, Mark

FILES_AT_ONCE = 8
"""Files in progress at once, to hide S3's latency."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Marks of erased users, and deletions by owner."""

    gone: frozenset[Mark]
    deleted: Mapping[Owner, Sequence[Deletion]]


class Removals:
    """All removals. Iterate once for each file, at most FILES_AT_ONCE at a time.

    If there are fewer than MOST_HELD, they are read once. Otherwise each iteration reads them again
    in parts, so that all iterations together hold at most MOST_HELD.
    """

    def __init__(self, erased: ErasedUsers, deleted: ArchivedDeletions) -> None:
        self._erased, self._deleted = erased, deleted
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

    def _records(self) -> Iterator[Mark | OwnedDeletion]:
        return chain((mark for mark, _ in self._erased.marks()), self._deleted.every())


def _removal(records: Iterable[Mark | OwnedDeletion]) -> Removal:
    gone: set[Mark] = set()
    deleted: dict[Owner, list[Deletion]] = defaultdict(list)
    for record in records:
        if isinstance(record, Mark):
            gone.add(record)
        else:
            owner, deletion = record
            deleted[owner].append(deletion)
    return Removal(frozenset(gone), dict(deleted))
