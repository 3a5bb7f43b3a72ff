"""Budgets, provider limits and outages of each scenario, as arrays over time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.capacity.demand import connections
from simulator.capacity.inputs import Inputs
from simulator.capacity.population import DAY_MINUTES
from simulator.capacity.providers import PROVIDERS
from simulator.capacity.scenarios import SPOTIFY, Scenario, Spell
from simulator.capacity.station import Amounts, Crawls

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Conditions:
    """`budget` (scenario, provider) and `limit` (minute, scenario, provider) in calls per second;
    `dispatcher_up` (minute, scenario) is 1 or 0."""

    budget: Amounts
    limit: Amounts
    dispatcher_up: Crawls


def conditions(
    scenarios: Sequence[Scenario], inputs: Inputs, needed: Sequence[float], *, days: int
) -> Conditions:
    """`needed` is the number of crawls that an account of each provider needs a day."""
    minutes = days * DAY_MINUTES
    budget = np.array([budgets(scenario, inputs, needed) for scenario in scenarios])
    limit = np.tile(budget * inputs.provider_tolerance, (minutes, 1, 1))
    up = np.ones((minutes, len(scenarios)), dtype=np.int64)
    for lane, scenario in enumerate(scenarios):
        if scenario.trouble is not None:
            provider = scenario.trouble.provider
            granted = _need(scenario, provider, inputs, needed) * scenario.trouble.share
            limit[_during(scenario.trouble.spell, minutes), lane, provider] = granted
        if scenario.dispatcher_down is not None:
            up[_during(scenario.dispatcher_down, minutes), lane] = 0
    return Conditions(budget, limit, up)


def budgets(scenario: Scenario, inputs: Inputs, needed: Sequence[float]) -> list[float]:
    """Calls per second that each provider grants."""
    growth = 1.0 if scenario.grown_budgets else 1 / scenario.growth
    found = [
        _need(scenario, provider, inputs, needed) * inputs.budget_headroom * growth
        for provider in range(len(PROVIDERS))
    ]
    if scenario.short_of is not None:
        found[SPOTIFY] = _need(scenario, SPOTIFY, inputs, needed) * scenario.short_of
    return found


def _need(scenario: Scenario, provider: int, inputs: Inputs, needed: Sequence[float]) -> float:
    """Calls per second needed to crawl every connection at its cadence, spread evenly."""
    crawls = connections(scenario, provider, inputs) * needed[provider]
    return crawls * PROVIDERS[provider].calls / _DAY_SECONDS


def _during(spell: Spell, minutes: int) -> slice:
    return slice(int(spell.begins * 60), min(int(spell.ends * 60), minutes))
