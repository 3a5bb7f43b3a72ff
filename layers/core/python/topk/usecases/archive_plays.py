"""New plays go into the archive too."""

from collections.abc import Iterable

from topk.domain.owner import Owner
from topk.usecases.ports import Archive, Chunks


def archive_plays(keys: Iterable[tuple[Owner, str]], *, chunks: Chunks, archive: Archive) -> int:
    """Copies the chunks at `keys` (owner, range key) that are still there; returns how many.

    Read when they are archived, not when they were written: what was erased meanwhile is not there
    any more. A repeat writes over itself.
    """
    found = chunks.get_many(keys)
    archive.write(found)
    return len(found)
