"""Virtual time, which passes in jumps: a clock, and an event loop."""

import asyncio
import selectors
from collections.abc import Callable

from simulator.clock import Clock


class VirtualClock(Clock):
    """The world's clock in memory; it changes only when it is set."""

    def __init__(self, now: float) -> None:
        self._now = now

    @property
    def running(self) -> bool:
        return False

    def at(self, wall: float) -> float:  # noqa: ARG002
        return self._now

    def now(self) -> float:
        return self._now

    def set(self, now: float, running: bool) -> None:
        """Sets the time. Raises ValueError if `running`."""
        if running:
            raise ValueError("a virtual clock does not run by itself")
        self._now = now


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that never waits: if all tasks sleep, its time jumps to the first wake-up.

    For programs that only talk to others in the same process. Timeouts work as usual.
    """

    def __init__(self) -> None:
        self._skipped = 0.0
        super().__init__(_Jumping(self._skip))

    def time(self) -> float:
        return self._skipped

    def _skip(self, seconds: float) -> None:
        self._skipped += seconds


class _Jumping(selectors.DefaultSelector):
    def __init__(self, skip: Callable[[float], None]) -> None:
        super().__init__()
        self._skip = skip

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout:
            self._skip(timeout)
        return super().select(timeout if timeout is None else 0)
