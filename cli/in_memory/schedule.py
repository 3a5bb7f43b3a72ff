"""The schedule that starts the dispatcher."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.in_memory import events
from cli.in_memory.conditions import Conditions
from cli.in_memory.faults import Fault
from cli.in_memory.lambdas import InvocationError, Lambdas
from simulator.scheduler import Scheduler


@dataclass(frozen=True, slots=True)
class Schedule:
    """Fires every `every` seconds; each tick is tried up to three times."""

    scheduler: Scheduler
    conditions: Conditions
    lambdas: Lambdas
    every: int
    given_up: list[float] = field(default_factory=list)
    """Start times of the ticks that failed three times (epoch seconds)."""

    def fire(self, begin: int, end: int) -> None:
        """Schedules the ticks from `begin` to before `end` (epoch seconds)."""
        for moment in range(begin, end, self.every):
            self.scheduler.put(moment, lambda moment=moment: self._tick(moment))  # type: ignore[misc]

    def _tick(self, moment: int) -> None:
        if self.conditions.spell(Fault.SILENT):
            return
        event = events.tick(moment)
        self.scheduler.spawn(lambda: self._run(event))
        if self.conditions.strikes(Fault.TICK_TWICE):
            again = self.scheduler.now + self.conditions.dice.between(0, 30)
            self.scheduler.put(again, lambda: self.scheduler.spawn(lambda: self._run(event)))

    def _run(self, event: Mapping[str, Any]) -> None:
        began = self.scheduler.now
        for wait in (60, 120, 0):
            try:
                self.lambdas.invoke("dispatch", dict(event))
            except InvocationError:
                self.scheduler.pause(wait)
            else:
                return
        self.given_up.append(began)
