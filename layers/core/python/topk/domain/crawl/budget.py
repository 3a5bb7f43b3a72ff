"""How fast a provider's app may be asked: every crawl has a place of its own in time.

A lane is one line of places, so far apart that crawls at their places keep the budget. Who books
gets the next free places, and no one else gets those: a backlog drains in the order in which it
came, at the pace of the budget, and nobody has to ask again and again.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

EXPRESS_SHARE = 0.1
"""Of the budget, kept for crawls that somebody waits for: they pass by any backlog."""

BURST_SECONDS = 5
"""A place so near is taken at once: a batch is not torn apart for the sake of a second."""

HELD_SECONDS = 30
"""A place is held so long for who comes late; who comes later books another."""


class Lane(StrEnum):
    EXPRESS = "express"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Budget:
    """Requests a second that one provider app allows itself, and how many a crawl makes as a rule.

    In any t seconds at most (t + BURST_SECONDS + HELD_SECONDS) seconds' worth of crawls begin.
    """

    requests_per_second: float = 100
    requests_per_crawl: float = 1

    def apart(self, lane: Lane) -> float:
        """Milliseconds from one place of `lane` to the next."""
        share = EXPRESS_SHARE if lane is Lane.EXPRESS else 1 - EXPRESS_SHARE
        return 1000 * self.requests_per_crawl / (self.requests_per_second * share)

    def length(self, lane: Lane, crawls: int) -> int:
        """What `crawls` places of `lane` take, in milliseconds."""
        return math.ceil(crawls * self.apart(lane))

    def places(self, lane: Lane, crawls: int, begin: int) -> Iterator[int]:
        """The moments (epoch milliseconds) of `crawls` places that begin at `begin`."""
        for place in range(crawls):
            yield begin + math.floor(place * self.apart(lane))


def near(place: int, now: int) -> bool:
    """Whether `place` (epoch milliseconds) can be taken at `now` (epoch seconds)."""
    return place <= (now + BURST_SECONDS) * 1000


def held(place: int, now: int) -> bool:
    """Whether who booked `place` still has it at `now`; both are epoch seconds."""
    return place <= now <= place + HELD_SECONDS
