"""The play log: what crawls fetched, and its owner's markers beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.play import Brought
from topk.domain.privacy.deletion import Deletion
from topk.domain.song.marks import SongMark
from topk.domain.toplist.corrections import Correction

OwnedDeletion = tuple[Owner, Deletion]


@dataclass(frozen=True, slots=True)
class Undone:
    """The correction of this id was undone at `made_at` (epoch seconds)."""

    made_at: int
    correction_id: str


Corrected = Correction | Undone
OwnedCorrected = tuple[Owner, Corrected]


def standing(made: Iterable[Corrected]) -> list[Correction]:
    """The corrections that are not undone, in the order in which they were made."""
    latest: dict[str, Corrected] = {}
    for one in made:
        known = latest.get(one.correction_id)
        if known is None or known.made_at <= one.made_at:
            latest[one.correction_id] = one
    found = [one for one in latest.values() if isinstance(one, Correction)]
    return sorted(found, key=lambda one: (one.made_at, one.correction_id))


@dataclass(frozen=True, slots=True)
class History:
    """An owner's plays, without deleted ones, and what they say of them.

    `hidden` are the songs that they hide, by the rule of identity that was in use. Plays of
    `separate` providers must not be mixed with others.
    """

    brought: Sequence[Brought] = ()
    corrections: Sequence[Correction] = ()
    hidden: Sequence[SongMark] = ()
    deletions: Sequence[Deletion] = ()
    separate: frozenset[str] = frozenset()
    compacted_through: int = 0
    """Plays fetched before (epoch seconds) are in compacted chunks too; 0 if it is not known."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Chunks, deletions and corrections with their owners, and the number of unreadable rows."""

    chunks: Sequence[Chunk] = ()
    deletions: Sequence[OwnedDeletion] = ()
    corrections: Sequence[OwnedCorrected] = ()
    unreadable: int = 0
