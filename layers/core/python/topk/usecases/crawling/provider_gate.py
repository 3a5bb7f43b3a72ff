"""The gate before one app at a provider: its breaker and its budget at one moment."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from topk.domain.crawl.breaker import Breaker, Seen
from topk.domain.crawl.budget import Budget, Lane
from topk.domain.errors import ConflictError
from topk.usecases.crawling.crawl import Key, Outcome
from topk.usecases.ports import ProviderBudgets

BudgetOf = Callable[[str], Budget]
AppOf = Callable[[str, str], str]
"""Tenant and provider -> the app by which the tenant's users are crawled there."""

_TRIES = 5


@dataclass(frozen=True, slots=True)
class ProviderGate:
    """`now` is in epoch seconds. Every method raises StoreError where the budgets fail."""

    app: str
    budgets: ProviderBudgets
    budget: Budget
    now: int

    def look(self) -> tuple[Breaker, bool]:
        """The breaker, and whether it is upon this batch to probe: one batch alone is told so."""
        breaker = self.budgets.breaker(self.app)
        if not breaker.may_probe(self.now):
            return breaker, False
        try:
            return self.budgets.update(self.app, breaker.probing(self.now)), True
        except ConflictError:
            return self.budgets.breaker(self.app), False

    def book(self, asked: Mapping[Key, Lane], breaker: Breaker) -> dict[Key, int]:
        """A place (epoch milliseconds) for each of `asked`, in their order, after any pause."""
        earliest = breaker.earliest(self.now) * 1000
        places: dict[Key, int] = {}
        for lane in Lane:
            keys = [key for key, of in asked.items() if of is lane]
            if keys:
                length = self.budget.length(lane, len(keys))
                begin = self.budgets.book(self.app, lane, length=length, earliest=earliest)
                places |= zip(keys, self.budget.places(lane, len(keys), begin), strict=True)
        return places

    def observe(self, breaker: Breaker, seen: Seen) -> Breaker:
        """The breaker after `seen`, written where that changes it.

        Where others are always first it is left to what they saw.
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


def shared(_tenant: str, provider: str) -> str:
    """One app of ours for all tenants, named as the provider is."""
    return provider


def waiting_for(place: int, reason: str) -> Outcome:
    """What becomes of a crawl that waits for its `place` (epoch milliseconds)."""
    return Outcome(reason, place=math.ceil(place / 1000))
