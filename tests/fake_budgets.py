"""Provider budgets in memory, with what they were asked."""

from dataclasses import dataclass, field, replace

from topk.domain.crawl.breaker import Breaker
from topk.domain.crawl.budget import Lane
from topk.domain.errors import ConflictError, TopkError


@dataclass
class FakeProviderBudgets:
    breakers: dict[str, Breaker] = field(default_factory=dict)
    free_at: dict[tuple[str, Lane], int] = field(default_factory=dict)
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

    def book(self, app: str, lane: Lane, *, length: int, earliest: int) -> int:
        self.bookings += 1
        begin = max(self.free_at.get((app, lane), 0), earliest)
        self.free_at[app, lane] = begin + length
        return begin
