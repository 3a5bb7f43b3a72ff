"""How many requests of a tenant are answered, by any number of processes, and what that costs."""

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topk.domain.errors import StoreError, TooSoonError
from topk.usecases.accounts.tenant_limit import (
    _MOST_TENANTS,
    BURST_SECONDS,
    MOST_ADDITIONS,
    MOST_SECONDS,
    TenantLimit,
    batch,
)

LIMITS = (1, 5, 20, 200, 1000, 10_000, 100_000)


@dataclass
class FakeRates:
    """The table, which all processes share."""

    empty_at: dict[str, int] = field(default_factory=dict)
    calls: int = 0
    fails: bool = False

    def add(
        self, tenant: str, *, milliseconds: int, now: int, most: int, begun: bool = False
    ) -> int:
        self.calls += 1
        if self.fails:
            raise StoreError("fails")
        empty_at = self.empty_at.get(tenant, 0)
        if empty_at <= now + most:
            empty_at = max(empty_at, now) + milliseconds
        self.empty_at[tenant] = empty_at
        return empty_at


@dataclass
class Processes:
    """Requests go to processes at random, as to warm environments."""

    number: int
    rates: FakeRates = field(default_factory=FakeRates)
    now: float = 1_000_000.0
    waits: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._dice = Random(7)
        self.limits = [
            TenantLimit(self.rates, lambda: self.now, self._dice.randrange)
            for _ in range(self.number)
        ]

    def send(self, per_second: float, seconds: float, *, limit: int, tenant: str = "reef") -> int:
        """The number of requests that were answered, of those sent evenly."""
        answered = 0
        begin = self.now
        for number in range(round(per_second * seconds)):
            self.now = begin + number / per_second
            try:
                self._dice.choice(self.limits).charge(tenant, limit)
            except TooSoonError as error:
                self.waits.add(error.retry_after)
            else:
                answered += 1
        self.now = begin + seconds
        return answered


@pytest.mark.parametrize("limit", [5, 20, 200, 1000])
@pytest.mark.parametrize("processes", [1, 10, 100])
def test_who_stays_below_nine_tenths_of_the_limit_is_never_refused(
    limit: int, processes: int
) -> None:
    found = Processes(processes)
    sent = round(limit * 0.9 * 60)
    assert found.send(limit * 0.9, 60, limit=limit) == sent


@settings(max_examples=20)
@given(
    limit=st.sampled_from([5, 20, 100]),
    times=st.sampled_from([2, 10, 30]),
    processes=st.integers(1, 40),
)
def test_a_flood_gets_the_burst_the_limit_and_a_batch_for_each_process(
    limit: int, times: int, processes: int
) -> None:
    seconds = 20
    answered = Processes(processes).send(limit * times, seconds, limit=limit)
    most = limit * (BURST_SECONDS + seconds) + processes * batch(limit) * 2
    assert limit * BURST_SECONDS * 0.9 <= answered <= most


@pytest.mark.parametrize("processes", [1, 20, 100])
def test_a_lasting_flood_gets_about_the_limit(processes: int) -> None:
    """What passed before all processes knew is taken from what is answered later."""
    found, limit = Processes(processes), 100
    found.send(limit * 5, 60, limit=limit)
    answered = found.send(limit * 5, 120, limit=limit)
    assert 0.8 * limit * 120 <= answered <= 1.2 * limit * 120


def test_soon_after_a_flood_the_tenant_is_answered_again() -> None:
    found, limit = Processes(100), 20
    found.send(limit * 100, 20, limit=limit)
    assert 1 <= min(found.waits) <= max(found.waits) <= MOST_SECONDS - BURST_SECONDS + 1
    found.now += MOST_SECONDS - BURST_SECONDS + 1
    assert found.send(limit * 0.5, 30, limit=limit) == limit * 0.5 * 30


def test_the_flood_of_another_costs_nothing() -> None:
    found = Processes(20)
    found.send(20_000, 5, limit=200, tenant="busy")
    assert found.send(180, 30, limit=200) == 180 * 30


@pytest.mark.parametrize("limit", LIMITS)
def test_a_tenant_at_its_limit_costs_few_writes(limit: int) -> None:
    found = Processes(4)
    seconds = max(1, min(60, 60_000 // limit))
    found.send(limit * 0.9, seconds, limit=limit)
    assert found.rates.calls <= limit * 0.9 * seconds / batch(limit) + 1
    assert limit / batch(limit) <= 2 * MOST_ADDITIONS
    assert batch(limit, alert=True) <= batch(limit)


def test_refusals_cost_no_call() -> None:
    found = Processes(10)
    found.send(2000, 30, limit=20)
    calls = found.rates.calls
    found.send(2000, 1, limit=20)
    assert found.rates.calls - calls <= 20 * 10


def test_while_the_table_fails_requests_are_answered() -> None:
    found = Processes(3, FakeRates(fails=True))
    assert found.send(1000, 5, limit=20) == 5000


def test_a_process_remembers_a_bounded_number_of_tenants() -> None:
    found = Processes(1)
    for number in range(3 * _MOST_TENANTS):
        found.limits[0].charge(f"tenant_{number}", 200)
    assert len(found.limits[0]._known) == _MOST_TENANTS
