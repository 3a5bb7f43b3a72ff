"""The circuit breaker and budget of one provider app."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from topk.domain.crawl.breaker import BatchResults, Breaker
from topk.domain.crawl.budget import Budget, Lane
from topk.domain.crawl.result import CrawlResult
from topk.domain.errors import ConflictError
from topk.usecases.crawling.outcome import Key, Outcome
from topk.usecases.ports import ProviderBudgets

BudgetOf = Callable[[str], Budget]

_TRIES = 5


@dataclass(frozen=True, slots=True)
class ProviderGate:
    """`now` is in epoch seconds. Every method raises StoreError if the budgets table fails."""

    app: str
    budgets: ProviderBudgets
    budget: Budget
    now: int

    def look(self) -> tuple[Breaker, bool]:
        """The breaker, and whether this batch sends the probe: only one batch does."""
        breaker = self.budgets.breaker(self.app)
        if not breaker.may_probe(self.now):
            return breaker, False
        try:
            return self.budgets.update(self.app, breaker.probing(self.now)), True
        except ConflictError:
            return self.budgets.breaker(self.app), False

    def book(self, asked: Mapping[Key, Lane], breaker: Breaker) -> dict[Key, int]:
        """A slot (epoch milliseconds) for each of `asked`, in order, after any pause."""
        earliest = breaker.earliest(self.now) * 1000
        places: dict[Key, int] = {}
        for lane in Lane:
            keys = [key for key, of in asked.items() if of is lane]
            if keys:
                length = self.budget.length(lane, len(keys))
                begin = self.budgets.book(self.app, lane, length=length, earliest=earliest)
                places |= zip(keys, self.budget.places(lane, len(keys), begin), strict=True)
        return places

    def observe(self, breaker: Breaker, seen: BatchResults) -> Breaker:
        """The breaker after `seen`, written if it changed.

        If other writers keep winning, theirs stays.
        """
        for _ in range(_TRIES):
            after = breaker.after(seen, self.now)
            if after == breaker:
                break
            try:
                return self.budgets.update(self.app, after)
            except ConflictError:
                breaker = self.budgets.breaker(self.app)
        return breaker


def waiting_for(place: int, result: CrawlResult) -> Outcome:
    """The outcome of a crawl that waits for its slot `place` (epoch milliseconds)."""
    return Outcome(result, place=math.ceil(place / 1000))
