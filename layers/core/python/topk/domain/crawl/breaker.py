"""Whether a provider's app may be asked at all.

closed ── the app is limited, or crawls keep failing ──> open
open ──── its time is over; one crawl is let through ──> probing
probing ─ that crawl was answered ──> closed; was not ──> open, for longer
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

FAILURES = 10
"""Number of consecutive failed crawls, over batches that mostly failed, that opens it."""

FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 900
"""Maximum of our own pauses. A pause named by the provider is kept."""

SEVERAL = 3
"""Users that are limited before one is taken for a limit of the app: providers limit single users
too, and do not always say which it is."""

PROBE_SECONDS = 60
"""Longer than a crawl can take. A probe without a result by then was lost."""


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


@dataclass(frozen=True, slots=True)
class BatchResults:
    """Results of a batch: numbers of `answered` and failed crawls.

    A refusal of one account counts as answered. `limited` counts the crawls that met a limit which
    may be the app's; `retry_after` (seconds) is the longest wait that it named.
    """

    answered: int = 0
    failed: int = 0
    retry_after: int | None = None
    limited: int = 0


@dataclass(frozen=True, slots=True)
class Breaker:
    """`until` (epoch seconds): no request before it while OPEN, no second probe while PROBING.

    `failures` counts up to FAILURES, `limits` the limited crawls since one was answered, `trips`
    the openings since it was last closed; `version` counts the updates.
    """

    state: State = State.CLOSED
    until: int = 0
    failures: int = 0
    trips: int = 0
    limits: int = 0
    version: int = 0

    @property
    def closed(self) -> bool:
        return self.state is State.CLOSED

    @property
    def is_troubled(self) -> bool:
        """Whether so much fails that a refusal may be the provider's fault."""
        return not self.closed or 2 * self.failures >= FAILURES

    def may_probe(self, now: int) -> bool:
        return not self.closed and now >= self.until

    def probing(self, now: int) -> Self:
        """The state while the probe allowed by `may_probe` is running."""
        return replace(self, state=State.PROBING, until=now + PROBE_SECONDS)

    def earliest(self, now: int) -> int:
        """Earliest time of the next crawl (epoch seconds)."""
        return now if self.closed else max(now, self.until)

    def after(self, seen: BatchResults, now: int) -> Self:
        """The state after `seen`, at `now` (epoch seconds)."""
        match self.state:
            case State.CLOSED:
                return self._watched(seen, now)
            case State.OPEN:
                # Results of crawls that started before it opened: only a longer limit matters.
                return replace(self, until=max(self.until, now + self._named(seen)))
            case State.PROBING:
                return self._probed(seen, now)

    def _watched(self, seen: BatchResults, now: int) -> Self:
        if seen.limited < SEVERAL and seen.failed + seen.limited <= seen.answered:
            return replace(self, failures=0, limits=0) if seen.answered else self
        if named := self._named(seen):
            return self._opened(seen, now, named)
        if self.failures + seen.failed >= FAILURES:
            return self._opened(seen, now, FIRST_PAUSE_SECONDS)
        return self._counted(seen)

    def _probed(self, seen: BatchResults, now: int) -> Self:
        if seen.limited or seen.failed:
            pause = FIRST_PAUSE_SECONDS * 2 ** min(self.trips, 10)
            pause = max(min(pause, LONGEST_PAUSE_SECONDS), self._named(seen))
            return self._opened(seen, now, pause)
        if seen.answered:
            return replace(self, state=State.CLOSED, until=0, failures=0, trips=0, limits=0)
        return replace(self, state=State.OPEN, until=now)

    def _named(self, seen: BatchResults) -> int:
        """The wait that the provider named, where so many met it that it is the whole app's."""
        widespread = seen.limited and self.limits + seen.limited >= SEVERAL
        return seen.retry_after or 0 if widespread else 0

    def _counted(self, seen: BatchResults) -> Self:
        failures = min(self.failures + seen.failed, FAILURES)
        return replace(self, failures=failures, limits=self.limits + seen.limited)

    def _opened(self, seen: BatchResults, now: int, pause: int) -> Self:
        counted = self._counted(seen)
        return replace(counted, state=State.OPEN, until=now + pause, trips=self.trips + 1)
