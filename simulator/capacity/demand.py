"""When crawls fall due: by timetable slots, views, and new connections."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulator.capacity.inputs import Inputs
from simulator.capacity.population import DAY_MINUTES, KINDS, QUIET, Kind, reads_by_minute
from simulator.capacity.providers import PROVIDERS
from simulator.capacity.scenarios import SPOTIFY, Scenario
from simulator.capacity.station import Amounts, Crawls

LINES = 3
"""Priority lines of a queue, served in order. Without priority all crawls are in one line."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Connections of one provider and kind that are crawled in the same way.

    `every_days` is 0 if the provider pushes. Crawls that are `on_view` follow the day's reads, the
    others the timetable. `viewed` is the share of connections viewed on a day.
    """

    provider: int
    kind: Kind
    connections: float
    every_days: int
    viewed: float
    line: int = 0
    on_view: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """Crawls that fall due in each minute: (minute, scenario, provider, line).

    `dispatched` crawls go through the dispatcher; `direct` ones are queued by the request itself.
    """

    dispatched: Crawls
    direct: Crawls
    flows: Sequence[Sequence[Flow]]


def connections(scenario: Scenario, provider: int, inputs: Inputs) -> float:
    users = inputs.users * scenario.growth
    return users * inputs.connections_per_user * PROVIDERS[provider].share


def flows(scenario: Scenario, inputs: Inputs) -> list[Flow]:
    """The connections of a scenario, split by its levers.

    Levers apply only to Spotify, whose budget is short.
    """
    parted: list[Flow] = []
    for provider in range(len(PROVIDERS)):
        pulled = provider == SPOTIFY
        for place, kind in enumerate(KINDS):
            flow = Flow(
                provider,
                kind,
                connections(scenario, provider, inputs) * kind.share,
                every_days=1,
                viewed=kind.viewed,
                line=place if pulled and scenario.levers.priority else 0,
            )
            parted += _parted(flow, scenario, inputs) if pulled else [flow]
    return parted


def _parted(flow: Flow, scenario: Scenario, inputs: Inputs) -> list[Flow]:
    levers, kind = scenario.levers, flow.kind
    pulled = flow.connections * (1 - inputs.push_share * levers.push)
    slow = inputs.quiet_every_days if levers.slower_when_quiet and kind is QUIET else 1
    parts = [replace(flow, connections=pulled, every_days=slow)]
    if levers.on_view:
        unseen = max(slow, inputs.unseen_every_days)
        parts = [
            replace(flow, connections=pulled * kind.viewed, viewed=1.0, on_view=True),
            replace(flow, connections=pulled * (1 - kind.viewed), viewed=0.0, every_days=unseen),
        ]
    if levers.push:
        parts.append(replace(flow, connections=flow.connections - pulled, every_days=0))
    return [part for part in parts if part.connections > 0]


def demand(
    scenarios: Sequence[Scenario], inputs: Inputs, *, days: int, chance: np.random.Generator
) -> Demand:
    """All crawls of `days` days. A connection has the same slot each day, as in the timetable."""
    shape = (days * DAY_MINUTES, len(scenarios), len(PROVIDERS), LINES)
    dispatched, direct = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    everyone = [flows(scenario, inputs) for scenario in scenarios]
    for lane, (scenario, parted) in enumerate(zip(scenarios, everyone, strict=True)):
        for flow in parted:
            into = direct if flow.on_view else dispatched
            into[:, lane, flow.provider, flow.line] += _falls_due(flow, days, chance)
        if scenario.surge is not None:
            direct[:, lane] += _surge(scenario, inputs, days)
    return Demand(dispatched, direct, everyone)


def _falls_due(flow: Flow, days: int, chance: np.random.Generator) -> Crawls:
    if flow.every_days == 0:
        return np.zeros(days * DAY_MINUTES, dtype=np.int64)
    even = np.full(DAY_MINUTES, 1 / DAY_MINUTES)
    by_minute: Amounts = reads_by_minute() if flow.on_view else even
    slots = chance.poisson(
        flow.connections / flow.every_days * by_minute, (flow.every_days, DAY_MINUTES)
    )
    return np.concatenate([slots[day % flow.every_days] for day in range(days)])


def _surge(scenario: Scenario, inputs: Inputs, days: int) -> Crawls:
    assert scenario.surge is not None
    spell, share = scenario.surge
    minutes = np.arange(days * DAY_MINUTES) / 60
    during = (minutes >= spell.begins) & (minutes < spell.ends)
    new = [connections(scenario, place, inputs) * share for place in range(len(PROVIDERS))]
    per_minute = np.array(new) / during.sum()
    first_line = np.zeros((len(minutes), len(PROVIDERS), LINES), dtype=np.int64)
    first_line[:, :, 0] = np.round(during[:, None] * per_minute)
    return first_line
