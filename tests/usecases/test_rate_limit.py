"""How often a user may change something, and what counting it costs."""

from dataclasses import dataclass, field

import pytest

from tests.fakes import ANNA, BEN, NOON
from topk.domain.errors import TooSoonError
from topk.domain.limits import CHANGES_SECONDS, MOST_CHANGES, MOST_UNCOUNTED_CHANGES
from topk.domain.owner import Owner
from topk.usecases.accounts.rate_limit import RateLimit

BEGIN = NOON - NOON % CHANGES_SECONDS


@dataclass
class FakeSpending:
    """What all processes share; `calls` are those that cost a write."""

    spent: dict[tuple[Owner, int], int] = field(default_factory=dict)
    calls: int = 0

    def spend(self, owner: Owner, *, window: int, most: int) -> bool:
        self.calls += 1
        spent = self.spent.get((owner, window), 0)
        if spent >= most:
            return False
        self.spent[owner, window] = spent + 1
        return True


def _allowed(limits: list[RateLimit], owner: Owner, requests: int, now: int = NOON) -> int:
    allowed = 0
    for number in range(requests):
        try:
            limits[number % len(limits)].charge(owner, now=now)
        except TooSoonError:
            continue
        allowed += 1
    return allowed


def test_ordinary_use_costs_no_write() -> None:
    spending = FakeSpending()
    assert _allowed([RateLimit(spending)], ANNA, MOST_UNCOUNTED_CHANGES) == MOST_UNCOUNTED_CHANGES
    assert spending.calls == 0


@pytest.mark.parametrize("processes", [1, 2, 12])
def test_a_flood_gets_at_most_twice_the_limit_and_refusals_cost_nothing(processes: int) -> None:
    spending = FakeSpending()
    limits = [RateLimit(spending) for _ in range(processes)]
    assert MOST_CHANGES <= _allowed(limits, ANNA, 10_000) <= 2 * MOST_CHANGES
    assert spending.calls <= MOST_CHANGES + processes
    assert _allowed(limits, BEN, 1) == 1, "the flood of another costs nothing"


def test_a_refusal_says_when_the_window_ends_and_then_it_is_over() -> None:
    limit = RateLimit(FakeSpending())
    _allowed([limit], ANNA, 10_000, BEGIN)
    with pytest.raises(TooSoonError) as refusal:
        limit.charge(ANNA, now=BEGIN + 1)
    assert refusal.value.retry_after == CHANGES_SECONDS - 1
    limit.charge(ANNA, now=BEGIN + CHANGES_SECONDS)


def test_a_process_remembers_no_more_users_than_it_may() -> None:
    limit = RateLimit(FakeSpending())
    for number in range(25_000):
        limit.charge(Owner("harbor", str(number)), now=NOON)
    assert len(limit._counts) <= 10_000
