"""The course of events: calls that run at the same virtual time, each on a thread of its own.

Only one thread runs at any moment. A call goes on until it pauses; what is due next goes on then.
So the same beginning always has the same end.
"""

import heapq
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from cli.inprocess.virtual_time import VirtualClock


class CrashError(BaseException):
    """The process of a call ends here. No `except Exception` holds it up."""


class RunawayError(Exception):
    """So much happens that the course would not end."""


MOST_EVENTS = 50_000
"""A usual course has some thousands."""


class _Actor:
    """One call. Its thread waits for `turn` and gives `back` when it pauses or ends."""

    def __init__(self, act: Callable[[], Any], back: Any) -> None:
        self._act = act
        self._back = back
        self._turn = threading.Lock()
        self._turn.acquire()
        self.done = False
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def go_on(self) -> None:
        self._turn.release()
        self._back.acquire()
        if self.done:
            self._thread.join()

    def pause(self) -> None:
        self._back.release()
        self._turn.acquire()

    def _run(self) -> None:
        _here.actor = self
        self._turn.acquire()
        try:
            self._act()
        except CrashError:
            pass
        except BaseException as error:  # noqa: BLE001 - raised by whoever runs the course
            self.error = error
        self.done = True
        self._back.release()


_here = threading.local()


class Course:
    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._turn = count()
        self._back = threading.Lock()
        self._back.acquire()
        self._living: set[_Actor] = set()
        self._closed = False

    @property
    def now(self) -> float:
        """Epoch seconds."""
        return self._clock.now()

    def put(self, moment: float, act: Callable[[], object]) -> None:
        """`act` is done at `moment`; what should have been done earlier is done next."""
        heapq.heappush(self._due, (max(moment, self.now), next(self._turn), act))

    def spawn(self, act: Callable[[], Any]) -> None:
        """Begins a call that may pause."""
        actor = _Actor(act, self._back)
        self._living.add(actor)
        self.put(self.now, lambda: self._resume(actor))

    def pause(self, seconds: float) -> None:
        """Lets others go on for `seconds`. Outside of a call nothing happens.

        Raises CrashError where the course has ended meanwhile.
        """
        actor: _Actor | None = getattr(_here, "actor", None)
        if actor is None or actor.done:
            return
        if self._closed:
            raise CrashError
        self.put(self.now + seconds, lambda: self._resume(actor))
        actor.pause()
        if self._closed:
            raise CrashError

    def run(self, until: float) -> None:
        """Does all that is due by `until`. Raises what a call raised beyond a crash, and
        RunawayError where more and more happens."""
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
            while not actor.done:
                actor.go_on()

    def _resume(self, actor: _Actor) -> None:
        actor.go_on()
        if actor.done:
            self._living.discard(actor)
            if actor.error:
                raise actor.error
