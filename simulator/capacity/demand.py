"""When crawls fall due: by timetable slots, views, and new connections."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.capacity.inputs import Inputs
from simulator.capacity.population import DAY_MINUTES, reads_by_minute
from simulator.capacity.providers import PROVIDERS
from simulator.capacity.sample import Sample
from simulator.capacity.scenarios import Scenario
from simulator.capacity.station import Amounts, Crawls

EXPRESS, STANDING = range(2)
LINES = 2
"""The lanes of a provider's budget."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Crawls that fall due in each minute: (minute, scenario, provider, line).

    `dispatched` crawls go through the dispatcher; `direct` ones are queued by the request itself.
    `samples` are those of each scenario and provider.
    """

    dispatched: Crawls
    direct: Crawls
    samples: Sequence[Sequence[Sample]]


def connections(scenario: Scenario, provider: int, inputs: Inputs) -> float:
    users = inputs.users * scenario.growth
    return users * inputs.connections_per_user * PROVIDERS[provider].share


def demand(
    scenarios: Sequence[Scenario],
    inputs: Inputs,
    samples: Sequence[Sequence[Sample]],
    *,
    days: int,
    chance: np.random.Generator,
) -> Demand:
    """All crawls of `days` days. The timetable spreads scheduled ones evenly over the day."""
    shape = (days * DAY_MINUTES, len(scenarios), len(PROVIDERS), LINES)
    dispatched, direct = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    even, reads = np.full(DAY_MINUTES, 1 / DAY_MINUTES), reads_by_minute()
    for lane, scenario in enumerate(scenarios):
        for provider, sample in enumerate(samples[lane]):
            accounts = connections(scenario, provider, inputs)

            def fall_due(crawls: float, by_minute: Amounts, accounts: float = accounts) -> Crawls:
                return chance.poisson(accounts * crawls * np.tile(by_minute, days))

            dispatched[:, lane, provider, STANDING] = fall_due(sample.a_day(on_view=False), even)
            for line in (EXPRESS, STANDING):
                viewed = sample.a_day(on_view=True, express=line == EXPRESS)
                direct[:, lane, provider, line] = fall_due(viewed, reads)
        if scenario.surge is not None:
            direct[:, lane] += _surge(scenario, inputs, days)
    return Demand(dispatched, direct, samples)


def _surge(scenario: Scenario, inputs: Inputs, days: int) -> Crawls:
    assert scenario.surge is not None
    spell, share = scenario.surge
    minutes = np.arange(days * DAY_MINUTES) / 60
    during = (minutes >= spell.begins) & (minutes < spell.ends)
    new = [connections(scenario, place, inputs) * share for place in range(len(PROVIDERS))]
    per_minute = np.array(new) / during.sum()
    added = np.zeros((len(minutes), len(PROVIDERS), LINES), dtype=np.int64)
    added[:, :, EXPRESS] = np.round(during[:, None] * per_minute)
    return added
