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

PROBE_SECONDS = 60
"""Longer than a crawl can take. A probe without a result by then was lost."""


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


@dataclass(frozen=True, slots=True)
class Seen:
    """Results of a batch: numbers of `answered` and failed crawls.

    A refusal counts as answered. `retry_after` (seconds) is set if the provider limited the whole
    app.
    """

    answered: int = 0
    failed: int = 0
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Breaker:
    """`until` (epoch seconds): no request before it while OPEN, no second probe while PROBING.

    `failures` counts up to FAILURES, `trips` the openings since it was last closed; `version`
    counts the updates.
    """

    state: State = State.CLOSED
    until: int = 0
    failures: int = 0
    trips: int = 0
    version: int = 0

    @property
    def closed(self) -> bool:
        return self.state is State.CLOSED

    def may_probe(self, now: int) -> bool:
        return not self.closed and now >= self.until

    def probing(self, now: int) -> Self:
        """The state while the probe allowed by `may_probe` is running."""
        return replace(self, state=State.PROBING, until=now + PROBE_SECONDS)

    def earliest(self, now: int) -> int:
        """Earliest time of the next crawl (epoch seconds)."""
        return now if self.closed else max(now, self.until)

    def after(self, seen: Seen, now: int) -> Self:
        """The state after `seen`, at `now` (epoch seconds)."""
        match self.state:
            case State.CLOSED:
                return self._watched(seen, now)
            case State.OPEN:
                # Results of crawls that started before it opened: only a longer limit matters.
                until = now + (seen.retry_after or 0)
                return replace(self, until=max(self.until, until)) if seen.retry_after else self
            case State.PROBING:
                return self._probed(seen, now)

    def _watched(self, seen: Seen, now: int) -> Self:
        if seen.retry_after is not None:
            return self._opened(now, seen.retry_after)
        if seen.failed > seen.answered:
            failures = self.failures + seen.failed
            if failures >= FAILURES:
                return self._opened(now, FIRST_PAUSE_SECONDS)
            return replace(self, failures=failures)
        return replace(self, failures=0) if seen.answered else self

    def _probed(self, seen: Seen, now: int) -> Self:
        if seen.retry_after is not None or seen.failed:
            pause = FIRST_PAUSE_SECONDS * 2 ** min(self.trips, 10)
            return self._opened(now, max(min(pause, LONGEST_PAUSE_SECONDS), seen.retry_after or 0))
        if seen.answered:
            return replace(self, state=State.CLOSED, until=0, failures=0, trips=0)
        return replace(self, state=State.OPEN, until=now)

    def _opened(self, now: int, pause: int) -> Self:
        return replace(self, state=State.OPEN, until=now + pause, trips=self.trips + 1)
