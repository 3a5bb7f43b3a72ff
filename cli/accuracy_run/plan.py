"""What world a run is of."""

from dataclasses import dataclass
from datetime import UTC, datetime

from simulator.habits import USUALLY, Habits

DAY = 86_400
BEGIN = int(datetime(2026, 10, 24, tzinfo=UTC).timestamp())
"""Within nine days from here, Europe and North America put their clocks back."""


@dataclass(frozen=True, slots=True)
class Plan:
    users: int
    days: int
    seed: int
    habits: Habits = USUALLY
    begin: int = BEGIN

    @property
    def end(self) -> int:
        return self.begin + self.days * DAY
