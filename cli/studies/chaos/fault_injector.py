"""Injects the faults of a plan, and counts each kind."""

from collections import Counter
from collections.abc import Callable

from cli.in_memory.conditions import Conditions
from cli.in_memory.faults import Fault
from cli.studies.chaos.plan import HOUR, STORM_HOURS, Plan, Spell
from simulator.listeners.dice import Dice

SKEW_SECONDS = 30.0
LAG_SECONDS = 2.0
"""Greatest age of an eventually consistent read."""
_QUICK, _SLOW, _STALLED = (0.002, 0.03), (5.0, 40.0), (5.0, 90.0)


class FaultInjector(Conditions):
    """`now` returns epoch seconds; the plan's times count from `begin`.

    `draws` names the random sequence: with another name, the same plan injects at other times.
    """

    def __init__(
        self, plan: Plan, begin: float, now: Callable[[], float], draws: str = "weather"
    ) -> None:
        super().__init__(Dice(draws, plan.seed))
        self.plan = plan
        self.injected: Counter[Fault] = Counter()
        self._begin = begin
        self._now = now

    @property
    def heals_at(self) -> float:
        return self._begin + STORM_HOURS * HOUR

    def strikes(self, fault: Fault) -> bool:
        """Whether `fault` hits the current operation. Counts it."""
        rate = self.plan.rates.get(fault, 0.0)
        struck = rate > 0 and self._now() < self.heals_at and self.dice.chance(rate)
        if struck:
            self.injected[fault] += 1
        return struck

    def spell(self, fault: Fault, provider: str = "") -> Spell | None:
        """The active spell of `fault`, or None. Counts each operation that it hits."""
        moment = self._now() - self._begin
        for spell in self.plan.spells:
            matches = spell.fault is fault and spell.provider == provider
            if matches and spell.begin <= moment < spell.end:
                self.injected[fault] += 1
                return spell
        return None

    def latency(self, *, contested: bool) -> float:
        """Seconds until a call takes effect."""
        if contested and self.strikes(Fault.STALLED):
            return self.dice.between(*_STALLED)
        return self.dice.between(*(_SLOW if self.strikes(Fault.SLOW) else _QUICK))

    def skew(self) -> float:
        """Clock skew (seconds)."""
        if not self.strikes(Fault.SKEWED):
            return 0.0
        return self.dice.between(-SKEW_SECONDS, SKEW_SECONDS)
