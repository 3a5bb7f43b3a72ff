"""When users act: at random intervals, until the run's end or until they leave for good."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2

from simulator.listeners.dice import Dice
from simulator.scheduler import Scheduler
from topk.domain.owner import Owner

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pace:
    """Users act until `end` (epoch seconds)."""

    scheduler: Scheduler
    dice: Dice
    end: float
    left: set[Owner] = field(default_factory=set)
    """Users who do nothing more."""

    def acts(self, owner: Owner) -> bool:
        return self.scheduler.now < self.end and owner not in self.left

    def wait(self, shortest: float, longest: float) -> None:
        self.scheduler.pause(self.dice.between(shortest, longest))

    def intervals(self, owner: Owner, shortest: float, longest: float) -> Iterator[None]:
        """Yields after each random interval (seconds), for as long as `owner` acts."""
        self.wait(shortest, longest)
        while self.acts(owner):
            yield
            self.wait(shortest, longest)

    def repeat(
        self, owner: Owner, ask: Callable[[], Answer], again: tuple[float, float]
    ) -> Answer | None:
        """Repeats `ask` until it succeeds, and returns that answer; None if it never does."""
        while self.acts(owner):
            answer = ask()
            if answer["statusCode"] < httpx2.codes.BAD_REQUEST:
                return answer
            self.wait(*again)
        return None
