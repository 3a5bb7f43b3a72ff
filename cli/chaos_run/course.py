"""The course of events: calls that run at the same virtual time, each on a stack of its own.

A call goes on until it pauses; what is due next goes on then. So the same beginning always has the
same end. Calls are greenlets, not threads: a storm has ten thousand pauses, and for a thread to
hand over to the next takes longer than what most do in between.
"""

import asyncio
import heapq
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

from greenlet import getcurrent, greenlet

from cli.inprocess.virtual_time import VirtualClock


class CrashError(BaseException):
    """The process of a call ends here. No `except Exception` holds it up."""


class RunawayError(Exception):
    """So much happens that the course would not end."""


MOST_EVENTS = 50_000
"""A usual course has some thousands."""


class _Actor(greenlet):
    """One call, on a stack of its own. What it raises comes out where it is gone on with."""

    def __init__(self, act: Callable[[], Any], course: greenlet) -> None:
        super().__init__(self._run, course)
        self._act = act

    def _run(self) -> None:
        with suppress(CrashError):
            self._act()


class Course:
    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._turn = count()
        self._main = getcurrent()
        self._living: set[_Actor] = set()
        self._closed = False
        self._until = 0.0

    @property
    def now(self) -> float:
        """Epoch seconds."""
        return self._clock.now()

    def put(self, moment: float, act: Callable[[], object]) -> None:
        """`act` is done at `moment`; what should have been done earlier is done next."""
        heapq.heappush(self._due, (max(moment, self.now), next(self._turn), act))

    def spawn(self, act: Callable[[], Any]) -> None:
        """Begins a call that may pause."""
        actor = _Actor(act, self._main)
        self._living.add(actor)
        self.put(self.now, lambda: self._resume(actor))

    def pause(self, seconds: float) -> None:
        """Lets others go on for `seconds`. Outside of a call nothing happens.

        Raises CrashError where the course has ended meanwhile.
        """
        actor = getcurrent()
        if not isinstance(actor, _Actor):
            return
        if self._closed:
            raise CrashError
        moment = self.now + seconds
        if self._is_alone_until(moment):
            self._clock.set(moment, running=False)
            return
        self.put(moment, lambda: self._resume(actor))
        self._hand_over()
        if self._closed:
            raise CrashError

    def _is_alone_until(self, moment: float) -> bool:
        """Whether nobody else goes on before `moment` is over. Counts as an event if so."""
        if moment > self._until or (self._due and self._due[0][0] <= moment):
            return False
        return next(self._turn) <= MOST_EVENTS

    def _hand_over(self) -> None:
        """Others run event loops meanwhile, of which asyncio expects one for each thread."""
        loop, hooks = asyncio._get_running_loop(), sys.get_asyncgen_hooks()  # noqa: SLF001
        asyncio._set_running_loop(None)  # noqa: SLF001 - there is no other way
        self._main.switch()
        asyncio._set_running_loop(loop)  # noqa: SLF001
        sys.set_asyncgen_hooks(*hooks)

    def run(self, until: float) -> None:
        """Does all that is due by `until`. Raises what a call raised beyond a crash, and
        RunawayError where more and more happens."""
        self._until = until
        while self._due and self._due[0][0] <= until:
            moment, turn, act = heapq.heappop(self._due)
            if turn > MOST_EVENTS:
                raise RunawayError(f"{turn} events")
            self._clock.set(moment, running=False)
            act()
        self._clock.set(until, running=False)

    def close(self) -> None:
        """Ends whatever is still under way."""
        self._closed = True
        while self._living:
            actor = self._living.pop()
            while not actor.dead:
                with suppress(Exception):
                    actor.switch()

    def _resume(self, actor: _Actor) -> None:
        try:
            actor.switch()
        finally:
            if actor.dead:
                self._living.discard(actor)
