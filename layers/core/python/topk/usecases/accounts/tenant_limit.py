"""How many requests of a tenant the API answers: a bucket per tenant that all processes share.

A process counts a tenant's requests in memory and adds them to the bucket a batch at a time, so
that most requests cost neither a call nor a write. A full bucket refuses the tenant's requests
without a call until it has room. Buckets drain at the tenant's limit.

Between two additions a process answers a batch at most: of a flood, a batch for each process passes
before all know of it, about half a second of their work. It is added too, and so taken from what is
answered later, up to MOST_SECONDS of the limit.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Protocol

from topk.domain.errors import StoreError, TooSoonError

BURST_SECONDS = 4
"""What a bucket holds, in seconds of the limit."""
MOST_SECONDS = 34
"""What is added to a bucket at most. A tenant is answered again MOST_SECONDS - BURST_SECONDS after
a flood at the latest.
"""
BATCH_SECONDS = 0.1
"""A batch of a small limit, in seconds of it, so that the bucket holds many."""
MOST_IN_BATCH = 64
MOST_ADDITIONS = 150
"""A second, of a tenant at its limit: a row takes a thousand writes a second. A larger limit has
larger batches.
"""
ALERT_SECONDS = 60
"""So long a process counts in smaller batches after it found a bucket half full."""
ALERT_BATCH_SECONDS = 0.02
SPREAD_MILLISECONDS = 1000
"""After a bucket has room again, processes answer one after the other within this time, or each
would run one of the waiting requests at the same moment.
"""
_MOST_TENANTS = 1000
"""Remembered by one process. Of one that is forgotten, less than a batch is not counted."""


class Rates(Protocol):
    def add(
        self, tenant: str, *, milliseconds: int, now: int, most: int, begun: bool = False
    ) -> int:
        """Lengthens the time that the tenant's bucket takes to drain, to `most` at most; returns
        when it is empty. It is cheaper if `begun` tells whether something is in it.
        """
        ...


@dataclass(slots=True)
class _Known:
    """What a process knows of one bucket. Times are epoch milliseconds."""

    uncounted: int = 0
    empty_at: int = 0
    refused_until: int = 0
    alert_until: int = 0


@dataclass(slots=True)
class TenantLimit:
    """One for each process. `clock` returns epoch seconds, `below` a random number below its
    argument, so that processes do not work in step.
    """

    rates: Rates
    clock: Callable[[], float]
    below: Callable[[int], int]
    _known: dict[str, _Known] = field(default_factory=dict)

    def charge(self, bucket: str, per_second: int) -> None:
        """Counts a request of the tenant with that `bucket`, whose limit is `per_second`.

        Raises TooSoonError while the bucket is full, with the seconds until it is not; a request
        that finds it full is in it, and answered. If the table fails, requests are answered.
        """
        now = int(self.clock() * 1000)
        known = self._of(bucket, per_second)
        if now < known.refused_until:
            raise TooSoonError(ceil((known.refused_until - now) / 1000))
        known.uncounted += 1
        if known.uncounted >= batch(per_second, alert=now < known.alert_until):
            self._add(bucket, known, per_second, now)

    def _of(self, bucket: str, per_second: int) -> _Known:
        known = self._known.get(bucket)
        if known is None:
            if len(self._known) >= _MOST_TENANTS:
                self._known.pop(next(iter(self._known)))
            known = self._known[bucket] = _Known(self.below(batch(per_second)))
        return known

    def _add(self, bucket: str, known: _Known, per_second: int, now: int) -> None:
        length = ceil(known.uncounted * 1000 / per_second)
        known.uncounted = 0
        try:
            empty_at = self.rates.add(
                bucket,
                milliseconds=length,
                now=now,
                most=MOST_SECONDS * 1000,
                begun=known.empty_at > now,
            )
        except StoreError:
            return
        known.empty_at = empty_at
        level = empty_at - now
        if level > BURST_SECONDS * 500:
            known.alert_until = now + ALERT_SECONDS * 1000
        if level > BURST_SECONDS * 1000:
            room_at = empty_at - BURST_SECONDS * 1000
            known.refused_until = room_at + self.below(SPREAD_MILLISECONDS)


def buckets(tenant: str) -> tuple[str, str]:
    """The names of a tenant's buckets: of requests with its users' tokens, and of those without a
    token.
    """
    return tenant, f"{tenant}#anybody"


def batch(per_second: int, *, alert: bool = False) -> int:
    """How many requests a process counts before it adds them."""
    usual = max(MOST_IN_BATCH, per_second // MOST_ADDITIONS)
    of_seconds = ALERT_BATCH_SECONDS if alert else BATCH_SECONDS
    return max(1, min(int(per_second * of_seconds), usual))
