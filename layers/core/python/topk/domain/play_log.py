"""What stands in the log of plays under some keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.privacy.deletion import Deletion

OwnedDeletion = tuple[Owner, Deletion]


@dataclass(frozen=True, slots=True)
class Entries:
    """Chunks, deletions beside their owners, and how many rows could not be read."""

    chunks: Sequence[Chunk] = ()
    deletions: Sequence[OwnedDeletion] = ()
    unreadable: int = 0
