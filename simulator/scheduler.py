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
from functools import partial
from itertools import count
from typing import Any, Generic, TypeVar

from greenlet import getcurrent, greenlet

from simulator.virtual_time import VirtualClock

T = TypeVar("T")


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

    def start(self, act: Callable[[], T]) -> Callable[[], T]:
        """Starts a call that may pause, and returns what waits for its result or raises its error.

        Outside a call, nothing runs at once: `act` is called when its result is awaited.
        """
        if not isinstance(getcurrent(), _Call):
            return act
        started = _Started(self, act)
        self.spawn(started.run)
        return started.result

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

    def wait_for(self, is_done: Callable[[], bool], waiting: list[greenlet]) -> None:
        """Lets others run until one of them wakes the current call, which joins `waiting`."""
        while not is_done():
            waiting.append(getcurrent())
            self._switch()
            if self._closed:
                raise CrashError

    def wake(self, waiting: list[greenlet]) -> None:
        """Resumes the calls of `waiting` next."""
        while waiting:
            call = waiting.pop()
            if isinstance(call, _Call):
                self.put(self.now, partial(self._resume, call))

    def _resume(self, call: _Call) -> None:
        try:
            call.switch()
        finally:
            if call.dead:
                self._living.discard(call)


class _Started(Generic[T]):
    """A call whose result others wait for."""

    def __init__(self, scheduler: Scheduler, act: Callable[[], T]) -> None:
        self._scheduler, self._act = scheduler, act
        self._outcome: Callable[[], T] | None = None
        self._waiting: list[greenlet] = []

    def run(self) -> None:
        try:
            found = self._act()
            self._outcome = lambda: found
        except Exception as error:  # noqa: BLE001 - raised where the result is awaited
            self._outcome = partial(_raise, error)
        finally:
            self._scheduler.wake(self._waiting)

    def result(self) -> T:
        self._scheduler.wait_for(lambda: self._outcome is not None, self._waiting)
        assert self._outcome is not None
        return self._outcome()


def _raise(error: Exception) -> Any:
    raise error
