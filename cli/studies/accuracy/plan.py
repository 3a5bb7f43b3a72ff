"""What world a run is of, and how often its accounts are crawled."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from simulator.habits import USUALLY, Habits
from topk.domain.crawl.cadence import Bounds

DAY = 86_400
BEGIN = int(datetime(2026, 10, 24, tzinfo=UTC).timestamp())
"""Within nine days from here, Europe and North America put their clocks back."""


class Crawling(Enum):
    """Once a day, or as often as an account asks for, within the usual bounds."""

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
