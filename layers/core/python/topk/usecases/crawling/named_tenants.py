"""Which tenants have metrics of their own: those with much of the load, a bounded number a day.

CloudWatch bills each combination of dimensions, so that one for each tenant would cost more with
each. A process names the tenants that have a large share of its own crawls, if all processes
together have named no more than MOST_NAMED that day; the others are counted as OTHER.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from topk.domain.errors import StoreError

MOST_NAMED = 20
"""A day, by all processes."""
OTHER = "(other)"
LARGE_SHARE = 0.05
LEAST_CRAWLS = 5
_HALVED_AT = 10_000
"""Crawls after which all counts are halved, so that they follow the load and stay few."""
_DAY = 86_400


class Claims(Protocol):
    def claim_name(self, tenant: str, *, day: int, most: int) -> bool:
        """Whether the tenant is one of the first `most` that claimed metrics on `day`."""
        ...


@dataclass(slots=True)
class NamedTenants:
    """One for each process. Costs a call for each large tenant and day."""

    claims: Claims
    _loads: dict[str, int] = field(default_factory=dict)
    _total: int = 0
    _day: int = 0
    _granted: dict[str, bool] = field(default_factory=dict)
    """By tenant that was large on `_day`: whether it is named."""

    def names(self, crawls: Mapping[str, int], *, now: int) -> dict[str, str]:
        """By tenant of `crawls` (their numbers), what its metrics are called. `now` is in epoch
        seconds.
        """
        self._count(crawls)
        if now // _DAY != self._day:
            self._day = now // _DAY
            self._granted.clear()
        return {tenant: tenant if self._is_named(tenant) else OTHER for tenant in crawls}

    def _count(self, crawls: Mapping[str, int]) -> None:
        for tenant, number in crawls.items():
            self._loads[tenant] = self._loads.get(tenant, 0) + number
            self._total += number
        if self._total >= _HALVED_AT:
            halved = {tenant: load // 2 for tenant, load in self._loads.items()}
            self._loads = {tenant: load for tenant, load in halved.items() if load}
            self._total = sum(self._loads.values())

    def _is_named(self, tenant: str) -> bool:
        known = self._granted.get(tenant)
        if known is not None:
            return known
        load = self._loads.get(tenant, 0)
        if load < max(LEAST_CRAWLS, LARGE_SHARE * self._total):
            return False
        try:
            granted = self.claims.claim_name(tenant, day=self._day, most=MOST_NAMED)
        except StoreError:
            return False
        self._granted[tenant] = granted
        return granted
