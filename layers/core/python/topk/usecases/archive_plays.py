"""Plays go into the archive too."""

from collections.abc import Iterable
from dataclasses import dataclass

from topk.domain.owner import Owner
from topk.usecases.ports import Archive, Chunks


@dataclass(frozen=True, slots=True)
class Archived:
    """How many chunks were copied, and the files they are in."""

    chunks: int
    files: list[str]


def archive_plays(
    keys: Iterable[tuple[Owner, str]], *, chunks: Chunks, archive: Archive
) -> Archived:
    """Copies the chunks at `keys` (owner, range key) that are still there.

    Read when they are archived, not when they were written: what was erased meanwhile is not there
    any more. A repeat writes over itself.
    """
    found = chunks.get_many(keys)
    return Archived(len(found), archive.write(found))
