"""The faults of one run, drawn from its seed by swarm testing.

The first seeds have one kind of fault each, so that every kind appears alone. The next ones combine
the two kinds that do harm together, and then come a few that all users leave at once. Later seeds
have each kind with a chance of one half, and every tenth has all of them.
Groce et al., "Swarm Testing" (ISSTA 2012): runs that omit some faults find more than runs with all.
A plan names no table and no process, so that any fault injector can follow it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.in_memory.faults import SPELLS, Fault
from simulator.listeners.dice import Dice
from simulator.listeners.population import PROVIDERS

HOUR = 3600
STORM_HOURS = 30
"""Hours after which all faults end."""
HOURS = 73
"""Length of a run: one hour into the fourth day, so that the lists are those of that day."""
_RATES: Mapping[Fault, tuple[float, float]] = {
    Fault.DUPLICATE: (0.05, 0.4),
    Fault.UNDELETED: (0.01, 0.05),
    Fault.UNORDERED: (0.1, 0.5),
    Fault.POISON: (1, 4),
    Fault.REPEATED: (0.05, 0.3),
    Fault.THROTTLED: (0.005, 0.03),
    Fault.SERVER_ERROR: (0.005, 0.03),
    Fault.UNANSWERED: (0.003, 0.015),
    Fault.ECHOED: (0.005, 0.03),
    Fault.UNPROCESSED: (0.05, 0.4),
    Fault.STALE: (0.1, 0.8),
    Fault.SLOW: (0.002, 0.02),
    Fault.CRASH_BEFORE: (0.02, 0.1),
    Fault.CRASH_AFTER: (0.02, 0.1),
    Fault.COLD: (0.1, 0.6),
    Fault.STALLED: (0.1, 0.4),
    Fault.SKEWED: (1, 1),
    Fault.TICK_TWICE: (0.1, 0.5),
}
"""Range of each fault's rate, per call, message, batch, invocation or tick. For POISON, of the
number of messages."""
_DRAWN = tuple(kind for kind in Fault if kind is not Fault.BUS_AWAY)
"""BUS_AWAY has its own draws, so that adding it did not change the plans of existing seeds."""
_SHORTEST, _LONGEST = 0.2, 8.0
"""Range of a spell's length in hours. The schedule is silent for longer, after all users joined."""
_SILENT_FROM, _SILENT_HOURS = 6.0, (3.0, 10.0)
_OVERLAP = (Fault.DUPLICATE, Fault.STALLED)
_OVERLAP_RUNS = 6
"""Runs with only concurrent crawls of one connection, one of which stalls."""
_PARTING = range(len(_DRAWN) + _OVERLAP_RUNS, len(_DRAWN) + _OVERLAP_RUNS + 4)
"""Seeds of runs with only stalls, in which all users leave for good as soon as they have joined."""
_MULTIPLY = frozenset(
    {
        Fault.DUPLICATE,
        Fault.UNDELETED,
        Fault.ECHOED,
        Fault.UNANSWERED,
        Fault.THROTTLED,
        Fault.SERVER_ERROR,
        Fault.CRASH_BEFORE,
        Fault.CRASH_AFTER,
    }
)
"""Faults after which a message that was already forwarded is delivered again."""


@dataclass(frozen=True, slots=True)
class Spell:
    """`fault` lasts from `begin` to `end` (seconds since the run began), at `provider` if set."""

    fault: Fault
    begin: float
    end: float
    provider: str = ""
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    seed: int
    users: int
    rates: Mapping[Fault, float] = field(default_factory=dict)
    spells: tuple[Spell, ...] = ()
    parting: bool = False
    """Whether all users leave for good during their first crawl."""

    @property
    def faults(self) -> frozenset[Fault]:
        return frozenset(self.rates) | {spell.fault for spell in self.spells}

    def described(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "seed": self.seed,
            "users": self.users,
            "rates": {fault.word: round(rate, 4) for fault, rate in self.rates.items()},
            "spells": [
                {
                    "fault": spell.fault.word,
                    "hours": [round(spell.begin / HOUR, 2), round(spell.end / HOUR, 2)],
                    "provider": spell.provider,
                    "retry_after": spell.retry_after,
                }
                for spell in self.spells
            ],
        }


_BUSLESS, _BUSLESS_HOURS = 37, 12
"""The seed of a run with only a bus outage, in which all users leave as soon as they have joined;
and the outage's length."""


def draw(seed: int) -> Plan:
    """The plan of a seed."""
    dice = Dice("chaos", seed)
    chosen = [] if seed == _BUSLESS else _chosen(seed, dice)
    return Plan(
        seed=seed,
        users=dice.whole(2, 3),
        rates={fault: dice.between(*_RATES[fault]) for fault in chosen if fault in _RATES},
        spells=(
            *(
                spell
                for fault in chosen
                if fault in SPELLS
                for spell in _spells(fault, dice, multiplies=not _MULTIPLY.isdisjoint(chosen))
            ),
            *_without_bus(seed),
        ),
        parting=seed in _PARTING or seed == _BUSLESS,
    )


def _without_bus(seed: int) -> Iterator[Spell]:
    dice = Dice("bus", seed)
    if seed == _BUSLESS:
        yield Spell(Fault.BUS_AWAY, 0, _BUSLESS_HOURS * HOUR)
    elif seed >= _PARTING.stop and (seed % 10 == 0 or dice.chance(0.5)):
        yield from _spells(Fault.BUS_AWAY, dice, multiplies=False)


def _chosen(seed: int, dice: Dice) -> list[Fault]:
    kinds = _DRAWN
    if seed < len(kinds):
        return [kinds[seed]]
    if seed < len(kinds) + _OVERLAP_RUNS:
        return [*_OVERLAP]
    if seed in _PARTING:
        return [Fault.STALLED]
    return [kind for kind in kinds if seed % 10 == 0 or dice.chance(0.5)]


def _spells(fault: Fault, dice: Dice, *, multiplies: bool) -> Iterator[Spell]:
    """One to three spells, all of which end with the faults of the run.

    A wait of 20 hours takes 80 messages in sequence, each sent at least once. If the run
    `multiplies` messages far more often than AWS does, no wait is that long.
    """
    for _ in range(1 if fault is Fault.FORMER else dice.whole(1, 3)):
        begin, lasts = _when(fault, dice)
        end = min(begin + lasts, STORM_HOURS) * HOUR
        provider = dice.pick(PROVIDERS) if fault.name.startswith("PROVIDER") else ""
        waits = (30, 600, 3600 if multiplies else 72_000)
        limited = fault is Fault.PROVIDER_LIMIT
        yield Spell(fault, begin * HOUR, end, provider, dice.pick(waits) if limited else 0)


def _when(fault: Fault, dice: Dice) -> tuple[float, float]:
    """When a spell begins, and how long it lasts (hours)."""
    if fault is Fault.SILENT:
        longest = _SILENT_HOURS[1]
        return dice.between(_SILENT_FROM, STORM_HOURS - longest), dice.between(*_SILENT_HOURS)
    begin = dice.between(0, STORM_HOURS - _SHORTEST)
    return begin, _SHORTEST * (_LONGEST / _SHORTEST) ** dice.fraction()
