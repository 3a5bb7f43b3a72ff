"""The archive purge: one pass for all erased users, split into pieces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PurgeJob:
    """A piece of the pass that `began` at this time (epoch seconds).

    Without a `day` (YYYY-MM-DD) it is the whole pass. A day is done up to the file `after`.
    """

    began: int
    day: str = ""
    after: str = ""
