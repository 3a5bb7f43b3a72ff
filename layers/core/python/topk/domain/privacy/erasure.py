"""Erasure of a user's data, including data written while it runs."""

from dataclasses import dataclass
from enum import StrEnum

from topk.domain.owner import Owner

KEPT_SECONDS = 30 * 86_400
"""How long a finished erasure can be looked up."""


class Progress(StrEnum):
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Erasure:
    """Progress for the holder of a receipt, without personal data. Times are epoch seconds."""

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
