"""Provider budgets in memory, with what they were asked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from topk.domain.crawl.breaker import Breaker
from topk.domain.crawl.budget import Lane
from topk.domain.crawl.load_shedding import Plan
from topk.domain.errors import ConflictError, TopkError


@dataclass
class FakeProviderBudgets:
    breakers: dict[str, Breaker] = field(default_factory=dict)
    free_at: dict[tuple[str, Lane], int] = field(default_factory=dict)
    kept_plans: dict[str, Plan] = field(default_factory=dict)
    unscheduled: Counter[str] = field(default_factory=Counter)
    fails: TopkError | None = None
    reads: int = 0
    bookings: int = 0
    updates: int = 0

    def breaker(self, app: str) -> Breaker:
        if self.fails:
            raise self.fails
        self.reads += 1
        return self.breakers.get(app, Breaker())

    def update(self, app: str, breaker: Breaker) -> Breaker:
        if self.fails:
            raise self.fails
        if self.breakers.get(app, Breaker()).version != breaker.version:
            raise ConflictError("breaker")
        self.updates += 1
        self.breakers[app] = replace(breaker, version=breaker.version + 1)
        return self.breakers[app]

    def look(self, app: str) -> tuple[Breaker, float]:
        return self.breaker(app), self.kept_plans.get(app, Plan()).price

    def plans(self, apps: Sequence[str]) -> Mapping[str, Plan]:
        if self.fails:
            raise self.fails
        return {
            app: replace(self.kept_plans.get(app, Plan()), asked=self.unscheduled[app])
            for app in apps
        }

    def set_plan(self, app: str, plan: Plan, *, replacing: int) -> None:
        if self.kept_plans.get(app, Plan()).day != replacing:
            raise ConflictError("plan")
        self.kept_plans[app] = replace(plan, asked_before=plan.asked)

    def book(
        self, app: str, lane: Lane, *, length: int, earliest: int, unscheduled: int = 0
    ) -> int:
        self.bookings += 1
        self.unscheduled[app] += unscheduled
        begin = max(self.free_at.get((app, lane), 0), earliest)
        self.free_at[app, lane] = begin + length
        return begin

    def book_until(
        self, app: str, lane: Lane, *, length: int, earliest: int, latest: int, unscheduled: int = 0
    ) -> int | None:
        if self.free_at.get((app, lane), 0) > latest:
            return None
        return self.book(app, lane, length=length, earliest=earliest, unscheduled=unscheduled)
