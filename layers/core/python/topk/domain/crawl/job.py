"""The order to crawl one connection once."""

from dataclasses import dataclass

from topk.domain.owner import Owner


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """`at` is when it was asked for, `not_before` the earliest moment to do it (epoch seconds).

    `reason` is `connect`, `due`, `view`, `sought` (a view of one whom many follow) or
    `resume`; `correlation` follows it into every log.
    `booked`: `not_before` is a place in the provider's budget. `tried` counts the attempts that
    failed before the job was queued anew to wait. `slot` is when the slot of the timetable began
    that asked for it (epoch seconds), 0 where none did.
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
