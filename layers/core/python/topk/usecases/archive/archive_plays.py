"""Plays go into the archive too, and what of them is deleted."""

from collections.abc import Iterable
from dataclasses import dataclass

from topk.domain.owner import Owner
from topk.usecases.ports import Archive, Log


@dataclass(frozen=True, slots=True)
class Archived:
    """How many chunks were copied and deletions noted, and how many rows could not be read."""

    chunks: int
    deletions: int
    unreadable: int


def archive_plays(
    keys: Iterable[tuple[Owner, str]], *, log: Log, archive: Archive, batch: str = ""
) -> Archived:
    """Copies what is still there under `keys` (owner, range key), in place of what an attempt at
    the same `batch` wrote.

    Read when it is archived, not when it was written: what was erased meanwhile is not there any
    more. A repeat writes over itself. Deletions are noted first, so that nobody who finds a play
    that was deleted before lacks the word of it. Raises StoreError where table or archive fails.
    """
    found = log.entries(keys)
    archive.note(found.deletions)
    archive.write(found.chunks, batch=batch)
    return Archived(len(found.chunks), len(found.deletions), found.unreadable)
