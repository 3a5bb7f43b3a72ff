"""Plays come back from the archive, as after a loss of the table Plays."""

from dataclasses import dataclass

from topk.domain.owner import Owner
from topk.usecases.ports import Archive, MarkedPlays, Plays


@dataclass(frozen=True, slots=True)
class Restored:
    """Of one file: how many chunks went back, and whose they are."""

    chunks: int
    owners: frozenset[Owner]


def restore(
    file: str, *, archive: Archive, plays: Plays, fetched_since: int, only: Owner | None = None
) -> Restored:
    """Writes a file's chunks to Plays, under their own keys: what is there already stays as it is.

    Chunks fetched before `fetched_since` (epoch seconds) are past their retention and stay away, as
    do those of all but `only`, where one is given, and what is erased or deleted.
    """
    wanted = [
        chunk
        for chunk in archive.read(file)
        if chunk.fetched_at >= fetched_since and only in {None, chunk.owner}
    ]
    plays.append(wanted)
    return Restored(len(wanted), frozenset(chunk.owner for chunk in wanted))


def restore_deletions(
    tenant: str, *, archive: Archive, plays: MarkedPlays, only: Owner | None = None
) -> int:
    """Writes back what a tenant's users, or `only` one, have deleted; how many deletions.

    Before any plays come back: a provider that tells an old play again finds it deleted still.
    """
    wanted = [one for one in archive.deletions(tenant) if only in {None, one[0]}]
    for owner, deletion in wanted:
        plays.mark(owner, deletion)
    return len(wanted)
