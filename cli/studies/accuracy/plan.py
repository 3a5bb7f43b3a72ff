"""The world of a run, and how often its accounts are crawled."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from simulator.habits import USUALLY, Habits
from topk.domain.crawl.cadence import Bounds

DAY = 86_400
BEGIN = int(datetime(2026, 10, 24, tzinfo=UTC).timestamp())
"""Daylight saving ends in Europe and North America within nine days of this date."""


class Crawling(Enum):
    """Once a day, or with the adaptive cadence within its usual bounds."""

    DAILY = "once a day"
    ADAPTIVE = "adaptive"

    @property
    def bounds(self) -> Bounds:
        return Bounds() if self is Crawling.ADAPTIVE else Bounds(1, 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """`heavy` is the share of listeners who play 200 songs a day at Spotify."""

    users: int
    days: int
    seed: int
    habits: Habits = USUALLY
    heavy: float = 0.0
    begin: int = BEGIN

    @property
    def end(self) -> int:
        return self.begin + self.days * DAY
