"""A user leaves: all that is held of them is erased, and what is written meanwhile too."""

from dataclasses import dataclass
from enum import StrEnum

from topk.domain.owner import Owner

KEPT_SECONDS = 30 * 86_400
"""How long it is told that an erasure is done."""


class Progress(StrEnum):
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What the holder of a receipt is told. It names nobody. Times are epoch seconds."""

    receipt: str
    progress: Progress
    asked_at: int
    done_at: int | None = None


@dataclass(frozen=True, slots=True)
class ErasureJob:
    """One pass over all places, not before `sweep_at`; 0 for the first pass."""

    owner: Owner
    receipt: str
    sweep_at: int = 0
