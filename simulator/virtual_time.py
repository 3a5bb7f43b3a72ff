"""Time that passes by jumps: the world's clock, and that of an event loop."""

import asyncio
import selectors
from collections.abc import Callable

from simulator.clock import Clock


class VirtualClock(Clock):
    """The world's clock in memory: it stands still until it is set."""

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
        """Raises ValueError where the clock is asked to run."""
        if running:
            raise ValueError("a virtual clock does not run by itself")
        self._now = now


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that waits for nobody: where all tasks sleep, its time jumps to the first.

    For programs whose other side is in the same process; time-outs come as they would come.
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
