"""One execution environment of a function, and what is to befall its present call."""

from dataclasses import dataclass, field
from typing import Any

from greenlet import getcurrent

from cli.in_memory.conditions import Conditions
from simulator.scheduler import CrashError


@dataclass(slots=True)
class Process:
    """`parts` are what the function's wiring made. Times are epoch seconds."""

    name: str
    parts: Any = None
    conditions: Conditions | None = None
    """Its own, if any."""
    skew: float = 0.0
    former: bool = False
    """Whether it runs the former release."""
    deadline: float = 0.0
    calls_left: int = -1
    """Before it dies; none where negative."""
    dies_after: bool = False
    """Whether the last call still takes effect."""
    dead: bool = field(default=False)

    def begin_call(self, now: float) -> bool:
        """Whether it dies once this call has taken effect. Raises CrashError where it dies first,
        or has run for too long."""
        if self.dead or now > self.deadline:
            self.die()
        if self.calls_left < 0:
            return False
        self.calls_left -= 1
        if self.calls_left >= 0:
            return False
        if not self.dies_after:
            self.die()
        return True

    def die(self) -> None:
        self.dead = True
        raise CrashError


def current() -> Process | None:
    """The process whose call goes on."""
    return vars(getcurrent()).get("process")


def enter(process: Process | None) -> None:
    vars(getcurrent())["process"] = process
