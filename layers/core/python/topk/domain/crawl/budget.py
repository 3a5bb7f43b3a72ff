"""The request budget of a provider app: every crawl reserves its own slot.

A lane is a sequence of slots, spaced so that crawls in their slots keep the budget. A reservation
gets the next free slots exclusively: a backlog drains in order, at the rate of the budget, without
retries. Of two lanes, one may use slots of the other that would pass unused.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

EXPRESS_SHARE = 0.1
"""Share of the budget for crawls that somebody is waiting for; they bypass any backlog."""

BURST_SECONDS = 5
"""A slot this close is used at once, so that a batch is not split for a second."""

HELD_SECONDS = 30
"""How long a slot is held for a late crawl, which otherwise reserves another."""


class Lane(StrEnum):
    EXPRESS = "express"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Budget:
    """Requests per second of one provider app, and the typical number of requests of a crawl.

    In any t seconds, at most (t + BURST_SECONDS + HELD_SECONDS) seconds' worth of crawls start.
    """

    requests_per_second: float = 100
    requests_per_crawl: float = 1

    def apart(self, lane: Lane) -> float:
        """Milliseconds between two slots of `lane`."""
        share = EXPRESS_SHARE if lane is Lane.EXPRESS else 1 - EXPRESS_SHARE
        return 1000 * self.requests_per_crawl / (self.requests_per_second * share)

    def length(self, lane: Lane, crawls: int) -> int:
        """Duration of `crawls` slots of `lane`, in milliseconds."""
        return math.ceil(crawls * self.apart(lane))

    def fitting(self, lane: Lane, seconds: int) -> int:
        """How many slots of `lane` fit into so many seconds."""
        return math.floor(1000 * seconds / self.apart(lane))

    def places(self, lane: Lane, crawls: int, begin: int) -> Iterator[int]:
        """Times (epoch milliseconds) of `crawls` slots that start at `begin`."""
        for place in range(crawls):
            yield begin + math.floor(place * self.apart(lane))


def near(place: int, now: int) -> bool:
    """Whether the slot `place` (epoch milliseconds) can be used at `now` (epoch seconds)."""
    return place <= (now + BURST_SECONDS) * 1000


def held(place: int, now: int) -> bool:
    """Whether the reserved slot `place` is still held at `now`; both are epoch seconds."""
    return place <= now <= place + HELD_SECONDS
