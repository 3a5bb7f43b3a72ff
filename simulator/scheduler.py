"""Concurrent calls on virtual time, each on its own stack.

A call runs until it pauses; then the next due event runs, so runs are deterministic. Calls are
greenlets, not threads: a fault run has ten thousand pauses, and switching threads takes longer than
the work of most calls in between.
"""

import asyncio
import heapq
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

from greenlet import getcurrent, greenlet

from simulator.virtual_time import VirtualClock


class CrashError(BaseException):
    """The process of a call ends here. No `except Exception` catches it."""


class RunawayError(Exception):
    """The run has exceeded its limit of events."""


class _Call(greenlet):
    """Its exceptions are raised where it is resumed."""

    def __init__(self, act: Callable[[], Any], scheduler: greenlet) -> None:
        super().__init__(self._run, scheduler)
        self._act = act

    def _run(self) -> None:
        with suppress(CrashError):
            self._act()


class Scheduler:
    """`most_events` is the limit of events in a run; None for no limit."""

    def __init__(self, clock: VirtualClock, *, most_events: int | None = None) -> None:
        self._clock = clock
        self._most_events = most_events
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._turn = count()
        self._main = getcurrent()
        self._living: set[_Call] = set()
        self._closed = False
        self._until = 0.0

    @property
    def now(self) -> float:
        """Epoch seconds."""
        return self._clock.now()

    def put(self, moment: float, act: Callable[[], object]) -> None:
        """Schedules `act` at `moment` (epoch seconds), or next if that has passed.

        Events of the same moment run in the order in which they were put.
        """
        heapq.heappush(self._due, (max(moment, self.now), next(self._turn), act))

    def spawn(self, act: Callable[[], Any]) -> None:
        """Starts a call that may pause."""
        call = _Call(act, self._main)
        self._living.add(call)
        self.put(self.now, lambda: self._resume(call))

    def pause(self, seconds: float) -> None:
        """Lets others run for `seconds`. Does nothing outside a call.

        Raises CrashError if the run has ended meanwhile.
        """
        call = getcurrent()
        if not isinstance(call, _Call):
            return
        if self._closed:
            raise CrashError
        moment = self.now + seconds
        if self._is_alone_until(moment):
            self._clock.set(moment, running=False)
            return
        self.put(moment, lambda: self._resume(call))
        self._switch()
        if self._closed:
            raise CrashError

    def _is_alone_until(self, moment: float) -> bool:
        """Whether no other event is due by `moment`. If so, counts as an event."""
        if moment > self._until or (self._due and self._due[0][0] <= moment):
            return False
        return not self._too_many(next(self._turn))

    def _too_many(self, turn: int) -> bool:
        return self._most_events is not None and turn > self._most_events

    def _switch(self) -> None:
        """Lets others run. They may run event loops, and asyncio expects one per thread."""
        loop, hooks = asyncio._get_running_loop(), sys.get_asyncgen_hooks()  # noqa: SLF001
        asyncio._set_running_loop(None)  # noqa: SLF001 - there is no other way
        self._main.switch()
        asyncio._set_running_loop(loop)  # noqa: SLF001
        sys.set_asyncgen_hooks(*hooks)

    def run(self, until: float) -> None:
        """Runs all events due by `until` (epoch seconds).

        Raises any error of a call except CrashError, and RunawayError for too many events.
        """
        self._until = until
        while self._due and self._due[0][0] <= until:
            moment, turn, act = heapq.heappop(self._due)
            if self._too_many(turn):
                raise RunawayError(f"{turn} events")
            self._clock.set(moment, running=False)
            act()
        self._clock.set(until, running=False)

    def close(self) -> None:
        """Ends the calls that are still running."""
        self._closed = True
        while self._living:
            call = self._living.pop()
            while not call.dead:
                with suppress(Exception):
                    call.switch()

    def _resume(self, call: _Call) -> None:
        try:
            call.switch()
        finally:
            if call.dead:
                self._living.discard(call)
