"""The size of each benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`batches` of crawls on each of `days`; `owners` of lists; `reads`; `rows` of the timetable;
    `pushes` of 100 listens; `starts` of an interpreter.
    """

    batches: int = 3
    days: int = 3
    owners: int = 64
    reads: int = 400
    rows: int = 10_000
    pushes: int = 20
    starts: int = 7


FULL = Size()
QUICK = Size(batches=1, days=1, owners=2, reads=4, rows=30, pushes=2, starts=1)
