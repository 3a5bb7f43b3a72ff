"""The circuit breaker and budget of one provider app."""

import math
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from topk.domain.crawl.breaker import BatchResults, Breaker
from topk.domain.crawl.budget import BURST_SECONDS, Budget, Lane
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

    def look(self) -> tuple[Breaker, bool, float]:
        """The breaker, whether this batch sends the probe, and the price of the budget.

        Only one batch sends a probe.
        """
        breaker, price = self.budgets.look(self.app)
        if not breaker.may_probe(self.now):
            return breaker, False, price
        try:
            return self.budgets.update(self.app, breaker.probing(self.now)), True, price
        except ConflictError:
            return self.budgets.breaker(self.app), False, price

    def book(
        self, asked: Mapping[Key, Lane], breaker: Breaker, *, unscheduled: Container[Key] = ()
    ) -> dict[Key, int]:
        """A slot (epoch milliseconds) for each of `asked`, in order, after any pause.

        A lane with a backlog takes slots of the other one while that is idle. `unscheduled` crawls
        are counted.
        """
        places: dict[Key, int] = {}
        for lane in Lane:
            keys = [key for key, of in asked.items() if of is lane]
            if keys:
                number = sum(key in unscheduled for key in keys)
                found = self._places(lane, len(keys), breaker, number)
                places |= zip(keys, found, strict=True)
        return places

    def _places(self, lane: Lane, crawls: int, breaker: Breaker, unscheduled: int) -> Iterator[int]:
        earliest = breaker.earliest(self.now) * 1000
        length = self.budget.length(lane, crawls)
        latest = earliest + BURST_SECONDS * 1000
        begin = self.budgets.book_until(
            self.app,
            lane,
            length=length,
            earliest=earliest,
            latest=latest,
            unscheduled=unscheduled,
        )
        if begin is not None:
            return self.budget.places(lane, crawls, begin)
        borrowed = list(self._borrowed(lane, crawls, breaker))
        left = crawls - len(borrowed)
        if not left:
            return iter(borrowed)
        length = self.budget.length(lane, left)
        begin = self.budgets.book(
            self.app, lane, length=length, earliest=earliest, unscheduled=unscheduled
        )
        return chain(borrowed, self.budget.places(lane, left, begin))

    def _borrowed(self, lane: Lane, crawls: int, breaker: Breaker) -> Iterator[int]:
        """Slots of the other lane, if it is idle: those that can be used at once."""
        other = Lane.STANDING if lane is Lane.EXPRESS else Lane.EXPRESS
        fitting = min(crawls, self.budget.fitting(other, BURST_SECONDS))
        if not (fitting and breaker.closed):
            return iter(())
        now = self.now * 1000
        length = self.budget.length(other, fitting)
        begin = self.budgets.book_until(self.app, other, length=length, earliest=now, latest=now)
        return iter(()) if begin is None else self.budget.places(other, fitting, begin)

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
