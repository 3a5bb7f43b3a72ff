"""The archive purge: one pass for all erased users, split into pieces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PurgeJob:
    """A piece of the pass that `began` at this time (epoch seconds).

    Without a `tenant` it is the whole pass; without a `day` (YYYY-MM-DD) all of a tenant. A day is
    done up to the file `after`.
    """

    began: int
    tenant: str = ""
    day: str = ""
    after: str = ""
