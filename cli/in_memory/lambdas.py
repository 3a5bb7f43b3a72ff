"""Runs the functions as Lambda does: each call in its own environment, warm or new."""

import importlib
import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from cli.in_memory.conditions import Conditions
from cli.in_memory.faults import Fault
from cli.in_memory.process import Process, enter
from cli.in_memory.trace import Trace
from simulator.scheduler import CrashError, Scheduler

WIRINGS: Mapping[str, str] = {
    "account": "accounts",
    "announce": "announcing",
    "aggregate": "aggregating",
    "connect": "connecting",
    "crawl": "crawling",
    "dispatch": "dispatching",
    "erase": "erasing",
    "ingest": "ingesting",
    "privacy": "guarding",
    "read": "reading",
    "scrobble": "scrobbling",
}
"""Function -> the name of the builder in its wiring module."""
SECONDS: Mapping[str, int] = {
    "crawl": 120,
    "dispatch": 300,
    "aggregate": 60,
    "announce": 60,
    "erase": 300,
}
_API_SECONDS = 29
_CALLS = 25
"""Typical number of AWS calls per invocation; a crash is drawn at one of them."""

Furnish = Callable[[Process], Any]


class InvocationError(Exception):
    """The function raised, died, or ran out of time."""


def _nothing(_function: str, _event: Mapping[str, Any]) -> AbstractContextManager[None]:
    return nullcontext()


class _Context:
    """The part of Lambda's context object that handlers use."""

    def __init__(self, remaining: Callable[[], float]) -> None:
        self._remaining = remaining

    def get_remaining_time_in_millis(self) -> int:
        return int(self._remaining() * 1000)


class Lambdas:
    """`furnish` builds the dependencies of a new environment, `clear` closes them.

    `own` overrides `conditions` for single functions.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        conditions: Conditions,
        trace: Trace,
        furnish: Furnish,
        clear: Furnish,
        *,
        own: Mapping[str, Conditions] | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._conditions = conditions
        self._own = own or {}
        self._trace = trace
        self._furnish = furnish
        self._clear = clear
        self._idle: dict[str, list[Process]] = defaultdict(list)
        self._numbers: dict[str, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
        self._all: list[Process] = []
        self.errors: list[str] = []
        """The errors that handlers raised."""
        self.around: Callable[[str, Mapping[str, Any]], AbstractContextManager[None]] = _nothing
        """Entered for each invocation, with the function and its event."""

    def invoke(self, name: str, event: dict[str, Any]) -> Any:
        """Invokes the function and returns its result. Raises InvocationError."""
        conditions = self._own.get(name, self._conditions)
        process = self._environment(name, conditions)
        self._plan_crash(process, conditions)
        enter(process)
        remaining = lambda: process.deadline - self._scheduler.now  # noqa: E731 - a closure over the process
        try:
            with self.around(name, event):
                answer = handler(name)(event, _Context(remaining))
        except CrashError:
            self._trace.note(self._scheduler.now, process.name, "is dead")
            self._end(process)
            self._scheduler.pause(0)
            raise InvocationError("died") from None
        except Exception as error:
            self._trace.note(self._scheduler.now, process.name, f"raised {type(error).__name__}")
            self.errors.append(f"{process.name}: {error!r}")
            self._idle[name].append(process)
            raise InvocationError(type(error).__name__) from error
        finally:
            enter(None)
        self._idle[name].append(process)
        return answer

    def restart(self) -> None:
        """Ends every environment, as a deployment with other settings does."""
        for process in list(self._all):
            self._end(process)
        self._idle.clear()

    def close(self) -> None:
        for process in self._all:
            self._clear(process)

    def _environment(self, name: str, conditions: Conditions) -> Process:
        """An idle environment, or a new one."""
        releasing = conditions.spell(Fault.FORMER) is not None
        while self._idle[name]:
            process = self._idle[name].pop()
            if (process.former and not releasing) or conditions.strikes(Fault.COLD):
                self._end(process)
            else:
                return process
        process = Process(
            name=f"{name}-{next(self._numbers[name])}",
            conditions=self._own.get(name),
            skew=conditions.skew(),
            former=releasing and conditions.dice.chance(0.5),
        )
        process.parts = self._furnish(process)
        self._all.append(process)
        return process

    def _plan_crash(self, process: Process, conditions: Conditions) -> None:
        """Sets the deadline of the next invocation and whether it crashes."""
        name = process.name.partition("-")[0]
        process.deadline = self._scheduler.now + SECONDS.get(name, _API_SECONDS)
        before = conditions.strikes(Fault.CRASH_BEFORE)
        process.dies_after = not before and conditions.strikes(Fault.CRASH_AFTER)
        dies = before or process.dies_after
        process.calls_left = conditions.dice.whole(0, _CALLS) if dies else -1

    def _end(self, process: Process) -> None:
        process.dead = True
        self._all = [other for other in self._all if other is not process]
        self._clear(process)


def handler(name: str) -> Callable[[dict[str, Any], Any], Any]:
    found: Callable[[dict[str, Any], Any], Any] = importlib.import_module(
        f"functions.{name}.handler"
    ).lambda_handler
    return found


def parts_of(name: str) -> Any:
    """Newly built dependencies of a function."""
    return _MAKERS[name]()


_MAKERS: Mapping[str, Callable[[], Any]] = {
    name: getattr(importlib.import_module(f"functions.{name}.wiring"), maker).__wrapped__
    for name, maker in WIRINGS.items()
}
"""Looked up at import, before anything is patched."""


def with_fields(parts: Any, **given: Any) -> Any:
    """`parts` with its fields replaced from `given`; names that it lacks are ignored."""
    names = {name for name in given if hasattr(parts, name)}
    return replace(parts, **{name: given[name] for name in names})
