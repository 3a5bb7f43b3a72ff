"""A job: crawl one connection once."""

from dataclasses import dataclass

from topk.domain.owner import Owner


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """`at` is when it was requested, `not_before` the earliest time to do it (epoch seconds).

    `reason` is `connect`, `due`, `view`, `sought` (a view of a popular owner) or `resume`;
    `correlation` is in every log line. `booked`: `not_before` is a slot in the provider's budget.
    `tried` counts failed attempts before the job was delayed. `slot` is the start of the timetable
    slot that triggered it (epoch seconds), or 0.
    """

    owner: Owner
    provider: str
    at: int
    reason: str
    correlation: str
    not_before: int = 0
    booked: bool = False
    tried: int = 0
    slot: int = 0
