"""Calls that run at the same time, one step of one of them after the other, in a chosen order."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


class CrashError(BaseException):
    """The process of a call ends here. No `except Exception` holds it up."""


@dataclass
class _Actor:
    call: Callable[[], Any]
    turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    crash_at: int | None = None
    steps: int = 0
    done: bool = False
    result: Any = None
    error: BaseException | None = None


class Interleaving:
    """The fakes of a test call `step` before each of their operations.

    Only one call runs at any moment, so that a schedule always gives the same course of events.
    """

    def __init__(self) -> None:
        self._here = threading.local()
        self._back = threading.Semaphore(0)

    def step(self) -> None:
        """Lets another call go on; outside of `run` it does nothing."""
        actor: _Actor | None = getattr(self._here, "actor", None)
        if actor is None:
            return
        actor.steps += 1
        if actor.crash_at is not None and actor.steps > actor.crash_at:
            raise CrashError
        self._back.release()
        actor.turn.acquire()

    def run(
        self,
        calls: Sequence[Callable[[], Any]],
        schedule: Iterator[int],
        *,
        crash_at: int | None = None,
    ) -> list[Any]:
        """The calls' results, or what they raised, once all have ended.

        `schedule` says whose turn it is, as a number modulo those still running. The first call
        crashes after `crash_at` steps.
        """
        actors = [_Actor(call) for call in calls]
        actors[0].crash_at = crash_at
        threads = [threading.Thread(target=self._act, args=(actor,)) for actor in actors]
        for thread in threads:
            thread.start()
        while running := [actor for actor in actors if not actor.done]:
            running[next(schedule) % len(running)].turn.release()
            self._back.acquire()
        for thread in threads:
            thread.join()
        return [actor.error or actor.result for actor in actors]

    def _act(self, actor: _Actor) -> None:
        self._here.actor = actor
        actor.turn.acquire()
        try:
            actor.result = actor.call()
        except BaseException as error:  # noqa: BLE001 - it is the test that judges it
            actor.error = error
        finally:
            actor.done = True
            self._back.release()


class Stepping:
    """A store, each call of which is a step that others may come between."""

    def __init__(self, store: Any, interleaving: Interleaving) -> None:
        self._store, self._interleaving = store, interleaving

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if not callable(found):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self._interleaving.step()
            return found(*args, **kwargs)

        return call
