"""When people act: until a moment, and until they have left for good."""

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
    """Everybody acts until `end` (epoch seconds)."""

    scheduler: Scheduler
    dice: Dice
    end: float
    left: set[Owner] = field(default_factory=set)
    """Those who do nothing more."""

    def acts(self, owner: Owner) -> bool:
        return self.scheduler.now < self.end and owner not in self.left

    def wait(self, shortest: float, longest: float) -> None:
        self.scheduler.pause(self.dice.between(shortest, longest))

    def now_and_then(self, owner: Owner, shortest: float, longest: float) -> Iterator[None]:
        """Each time that so many seconds have gone by, as long as they act."""
        self.wait(shortest, longest)
        while self.acts(owner):
            yield
            self.wait(shortest, longest)

    def insist(
        self, owner: Owner, ask: Callable[[], Answer], again: tuple[float, float]
    ) -> Answer | None:
        """The answer of who asks until they are heard; None where they never are."""
        while self.acts(owner):
            answer = ask()
            if answer["statusCode"] < httpx2.codes.BAD_REQUEST:
                return answer
            self.wait(*again)
        return None
