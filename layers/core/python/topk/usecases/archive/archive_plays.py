"""Copy new plays and deletions to the archive."""

from collections.abc import Iterable
from dataclasses import dataclass

from topk.domain.owner import Owner
from topk.usecases.ports import Archive, Log


@dataclass(frozen=True, slots=True)
class Archived:
    """Numbers of copied chunks, recorded markers and unreadable rows."""

    chunks: int
    markers: int
    unreadable: int


def archive_plays(
    keys: Iterable[tuple[Owner, str]], *, log: Log, archive: Archive, batch: str = ""
) -> Archived:
    """Copy the rows that still exist under `keys` (owner, range key), replacing what an earlier
    attempt at the same `batch` wrote.

    Rows are read when they are archived, so that erased data is not archived. A repeat overwrites
    itself. Deletions are written first, so that no reader finds a deleted play without its
    deletion. Raises StoreError if the table or the archive fails.
    """
    found = log.entries(keys)
    archive.note(found.deletions, found.corrections)
    archive.write(found.chunks, batch=batch)
    marked = len(found.deletions) + len(found.corrections)
    return Archived(len(found.chunks), marked, found.unreadable)
