"""Restores plays from the archive, as after a loss of the table Plays."""

from dataclasses import dataclass

from topk.domain.owner import Owner
from topk.domain.toplist.corrections import Correction
from topk.usecases.ports import Archive, MarkedPlays, Plays


@dataclass(frozen=True, slots=True)
class Restored:
    """Result for one file: the number of restored chunks, and their owners."""

    chunks: int
    owners: frozenset[Owner]


def restore(
    file: str, *, archive: Archive, plays: Plays, fetched_since: int, only: Owner | None = None
) -> Restored:
    """Writes a file's chunks to Plays under their own keys; existing chunks are unchanged.

    Skips chunks fetched before `fetched_since` (epoch seconds), which are past their retention,
    erased and deleted plays, and if `only` is given, the chunks of all other owners.
    """
    wanted = [
        chunk
        for chunk in archive.read(file)
        if chunk.fetched_at >= fetched_since and only in {None, chunk.owner}
    ]
    plays.append(wanted)
    return Restored(len(wanted), frozenset(chunk.owner for chunk in wanted))


def restore_markers(*, archive: Archive, plays: MarkedPlays, only: Owner | None = None) -> int:
    """Restores deletions and corrections of all owners, or of `only` one; their number.

    Call it before restoring plays, so that deleted plays do not reappear.
    """
    wanted = [one for one in archive.deletions() if only in {None, one[0]}]
    for owner, deletion in wanted:
        plays.mark(owner, deletion)
    corrected = [one for one in archive.corrections() if only in {None, one[0]}]
    for owner, one in corrected:
        if isinstance(one, Correction):
            plays.correct(owner, one)
    return len(wanted) + len(corrected)
