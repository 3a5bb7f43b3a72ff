"""Rows of the play log under some keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.privacy.deletion import Deletion

OwnedDeletion = tuple[Owner, Deletion]


@dataclass(frozen=True, slots=True)
class Entries:
    """Chunks, deletions with their owners, and the number of unreadable rows."""

    chunks: Sequence[Chunk] = ()
    deletions: Sequence[OwnedDeletion] = ()
    unreadable: int = 0
