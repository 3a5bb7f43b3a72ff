"""Metrics by tenant: a bounded number of names, and nothing is left out of the sum."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random

import pytest

from tests.fakes import NOON
from topk.domain.errors import StoreError
from topk.usecases.crawling.named_tenants import MOST_NAMED, OTHER, NamedTenants

TENANTS = [f"tenant_{number}" for number in range(1000)]
DAY = 86_400


@dataclass
class FakeClaims:
    """The table, which all processes share."""

    names: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    calls: int = 0
    fails: bool = False

    def claim_name(self, tenant: str, *, day: int, most: int) -> bool:
        self.calls += 1
        if self.fails:
            raise StoreError("fails")
        if len(self.names[day]) < most:
            self.names[day].add(tenant)
        return tenant in self.names[day]


def _crawl(
    claims: FakeClaims, weights: list[float] | None, *, processes: int = 20, batches: int = 60
) -> Counter[str]:
    """Crawls by name, of all processes, in batches of fifty."""
    dice = Random(7)
    found: Counter[str] = Counter()
    for _ in range(processes):
        named = NamedTenants(claims)
        for _ in range(batches):
            batch = Counter(dice.choices(TENANTS, weights, k=50))
            names = named.names(batch, now=NOON)
            for tenant, number in batch.items():
                found[names[tenant]] += number
    return found


@pytest.mark.parametrize("processes", [1, 20])
def test_of_a_thousand_equal_tenants_none_is_named(processes: int) -> None:
    found = _crawl(FakeClaims(), None, processes=processes)
    assert set(found) == {OTHER}
    assert found[OTHER] == processes * 60 * 50


def test_the_largest_of_a_thousand_are_named_and_the_sum_stays() -> None:
    weights = [1 / (rank + 1) ** 1.2 for rank in range(1000)]
    found = _crawl(FakeClaims(), weights)
    assert {"tenant_0", "tenant_1", "tenant_2", OTHER} <= set(found)
    assert len(found) <= MOST_NAMED + 1
    assert found.total() == 20 * 60 * 50
    assert found["tenant_0"] > 0.9 * found.total() * weights[0] / sum(weights)


def test_in_whatever_order_tenants_come_names_stay_bounded() -> None:
    """Batches of one tenant each: every tenant is large for some process."""
    claims = FakeClaims()
    found = {
        name
        for tenant in TENANTS
        for name in NamedTenants(claims).names({tenant: 50}, now=NOON).values()
    }
    assert len(found) == MOST_NAMED + 1


def test_a_day_later_others_may_be_named() -> None:
    claims = FakeClaims()
    for tenant in TENANTS[:MOST_NAMED]:
        NamedTenants(claims).names({tenant: 50}, now=NOON)
    late = NamedTenants(claims)
    assert late.names({"reef": 50}, now=NOON) == {"reef": OTHER}
    assert late.names({"reef": 50}, now=NOON + DAY) == {"reef": "reef"}


def test_a_process_asks_once_a_day() -> None:
    claims = FakeClaims()
    named = NamedTenants(claims)
    for _ in range(100):
        named.names({"reef": 30, "kelp": 20}, now=NOON)
    assert claims.calls == 2


def test_while_the_table_fails_tenants_are_counted_together() -> None:
    named = NamedTenants(FakeClaims(fails=True))
    assert named.names({"reef": 50}, now=NOON) == {"reef": OTHER}


def test_a_process_counts_a_bounded_number_of_tenants() -> None:
    named = NamedTenants(FakeClaims())
    for number in range(50_000):
        named.names({f"tenant_{number}": 1}, now=NOON)
    assert len(named._loads) <= 10_000
