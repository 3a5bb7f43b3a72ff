"""How often a user may change something: counted in memory first, and in a table near the limit."""

from dataclasses import dataclass, field
from typing import Protocol

from topk.domain.errors import TooSoonError
from topk.domain.limits import CHANGES_SECONDS, MOST_CHANGES, MOST_UNCOUNTED_CHANGES
from topk.domain.owner import Owner

_REFUSED = MOST_CHANGES
"""A count that no process reaches by itself."""
_MOST_OWNERS = 10_000
"""Remembered by one process; a window has fewer in one."""


class Spending(Protocol):
    def spend(self, owner: Owner, *, window: int, most: int) -> bool: ...


@dataclass(slots=True)
class RateLimit:
    """One for each process. Windows are CHANGES_SECONDS long and the same for all users.

    MOST_UNCOUNTED_CHANGES of a user in a window cost neither a call nor a write. Those after them
    are counted in the table, up to MOST_CHANGES, and then refused without a call until the window
    ends. With twelve processes at work for one user, that is up to twice the limit.
    """

    spending: Spending
    _window: int = 0
    _counts: dict[Owner, int] = field(default_factory=dict)

    def charge(self, owner: Owner, *, now: int) -> None:
        """Raises TooSoonError where `owner` has changed enough in this window."""
        window = now // CHANGES_SECONDS
        if window != self._window or len(self._counts) >= _MOST_OWNERS:
            self._window = window
            self._counts.clear()
        count = self._counts.get(owner, 0)
        if count >= MOST_UNCOUNTED_CHANGES and (
            count >= _REFUSED or not self.spending.spend(owner, window=window, most=MOST_CHANGES)
        ):
            self._counts[owner] = _REFUSED
            raise TooSoonError((window + 1) * CHANGES_SECONDS - now)
        self._counts[owner] = min(count + 1, MOST_UNCOUNTED_CHANGES)
