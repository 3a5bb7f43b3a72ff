"""How often a user's players may call, counted in memory.

Each process counts by itself: with several at work for one user, that many times the limit. A call
costs little, so that no table needs to be asked; the API's own throttle limits all together.
"""

from dataclasses import dataclass, field

from topk.domain.errors import TooSoonError
from topk.domain.limits import MOST_SCROBBLE_CALLS, SCROBBLE_CALLS_SECONDS
from topk.domain.owner import Owner

_MOST_OWNERS = 10_000
"""Remembered by one process; a window has fewer in one."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Calls left of MOST_SCROBBLE_CALLS until `reset_at` (epoch seconds)."""

    remaining: int
    reset_at: int


@dataclass(slots=True)
class CallLimit:
    """Windows are SCROBBLE_CALLS_SECONDS long and the same for all users."""

    _window: int = 0
    _counts: dict[Owner, int] = field(default_factory=dict)

    def charge(self, owner: Owner, *, now: int) -> None:
        """Raises TooSoonError above the limit."""
        self._turn(now)
        if self._counts.get(owner, 0) >= MOST_SCROBBLE_CALLS:
            raise TooSoonError(self.of(owner, now=now).reset_at - now)
        self._counts[owner] = self._counts.get(owner, 0) + 1

    def of(self, owner: Owner | None, *, now: int) -> Allowance:
        """What is left of the window of `now`."""
        window = now // SCROBBLE_CALLS_SECONDS
        used = self._counts.get(owner, 0) if owner and window == self._window else 0
        return Allowance(MOST_SCROBBLE_CALLS - used, (window + 1) * SCROBBLE_CALLS_SECONDS)

    def _turn(self, now: int) -> None:
        window = now // SCROBBLE_CALLS_SECONDS
        if window != self._window or len(self._counts) >= _MOST_OWNERS:
            self._window = window
            self._counts.clear()
