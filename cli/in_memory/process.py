"""One execution environment of a function, and when it is due to crash."""

from dataclasses import dataclass, field
from typing import Any

from greenlet import getcurrent

from cli.in_memory.conditions import Conditions
from simulator.scheduler import CrashError


@dataclass(slots=True)
class Process:
    """`parts` are the dependencies that the function's wiring built. Times are epoch seconds."""

    name: str
    parts: Any = None
    conditions: Conditions | None = None
    """Overrides the run's conditions, if set."""
    skew: float = 0.0
    former: bool = False
    """Whether it runs the previous release."""
    deadline: float = 0.0
    calls_left: int = -1
    """Calls until it dies; negative if it does not."""
    dies_after: bool = False
    """Whether the last call still takes effect."""
    dead: bool = field(default=False)

    def begin_call(self, now: float) -> bool:
        """Counts a call. Returns whether the process dies after this call has taken effect.

        Raises CrashError if it dies before the call, or is past its deadline.
        """
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
    """The process that is running, or None."""
    return vars(getcurrent()).get("process")


def enter(process: Process | None) -> None:
    vars(getcurrent())["process"] = process
