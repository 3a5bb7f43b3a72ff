"""The tenants of a stage, by name, token issuer and host name, through a bounded cache.

A warm process reads none of them again for a minute, so that a change, such as a suspension, takes
effect within that time. While the table fails, what is known stays valid.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from topk.domain.errors import StoreError
from topk.runtime.tenants import Tenant

SECONDS_KEPT = 60
MOST_KEPT = 1000
"""Tenants, and as many issuers, about 2 KB each. Unknown ones are kept too: a flood of tokens with
invented issuers costs no more memory, and a read for each new one.
"""
_T = TypeVar("_T")


class Source(Protocol):
    def tenant(self, name: str) -> Tenant | None: ...

    def name_of_issuer(self, issuer: str) -> str: ...


@dataclass(slots=True)
class _Kept(Generic[_T]):
    value: _T
    read_at: float


class Bounded(Generic[_T]):
    """Values by key, read again after SECONDS_KEPT; the oldest makes room for a new one."""

    def __init__(self, read: Callable[[str], _T], clock: Callable[[], float]) -> None:
        self._read, self._clock = read, clock
        self._kept: dict[str, _Kept[_T]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: str) -> _T:
        """Raises what reading raises, for a key that was never read."""
        now, kept = self._clock(), self._kept.get(key)
        if kept is not None and now - kept.read_at < SECONDS_KEPT:
            return kept.value
        try:
            value = self._read(key)
        except StoreError:
            if kept is None:
                raise
            value = kept.value
        self._kept.pop(key, None)
        while len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = _Kept(value, now)
        return value


class TenantDirectory:
    """Reads tenants of `source`; `clock` returns seconds that only grow."""

    def __init__(self, source: Source, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._tenants = Bounded(source.tenant, clock)
        self._issuers = Bounded(source.name_of_issuer, clock)

    def named(self, name: str) -> Tenant | None:
        return self._tenants.get(name) if name else None

    def existing(self, name: str) -> Tenant:
        """Raises StoreError for a tenant that was removed meanwhile."""
        found = self.named(name)
        if found is None:
            raise StoreError("the tenant was removed")
        return found

    def is_suspended(self, name: str) -> bool:
        """Whether the tenant is known and suspended."""
        found = self.named(name)
        return found is not None and found.suspended

    def of_issuer(self, issuer: str) -> Tenant | None:
        name = self._issuers.get(issuer)
        found = self.named(name)
        # The old issuer of a tenant may be kept for a minute after a change.
        return found if found and found.issuer == issuer else None

    def at_host(self, host: str) -> Tenant | None:
        """The tenant of a host name, whose first label is the tenant's name."""
        return self.named(host.partition(".")[0].replace("-", "_"))

    @property
    def event_buses(self) -> Mapping[str, str]:
        """Event bus names, by tenant with events."""
        return _OfTenant(self, lambda tenant: tenant.event_bus)

    @property
    def separate(self) -> Mapping[str, frozenset[str]]:
        """Providers whose plays are not mixed with others, by tenant."""
        return _OfTenant(self, lambda tenant: tenant.separate)


class _OfTenant(Mapping[str, _T]):
    """A property of tenants, by name, read when it is asked for. Cannot be iterated."""

    def __init__(self, directory: TenantDirectory, read: Callable[[Tenant], _T]) -> None:
        self._directory, self._read_of = directory, read

    def __getitem__(self, name: str) -> _T:
        tenant = self._directory.named(name)
        value = self._read_of(tenant) if tenant else None
        if not value:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        raise TypeError("tenants are not listed")

    def __len__(self) -> int:
        raise TypeError("tenants are not counted")
