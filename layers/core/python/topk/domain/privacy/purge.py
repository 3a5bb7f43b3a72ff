"""Taking the erased out of the archive: one pass for all who left, cut into pieces of work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PurgeJob:
    """A piece of the pass that `began` then (epoch seconds).

    Without a `tenant` it is the whole pass; without a `day` (YYYY-MM-DD) all of a tenant. A day is
    done up to the file `after`.
    """

    began: int
    tenant: str = ""
    day: str = ""
    after: str = ""
