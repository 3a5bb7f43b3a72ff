"""One run of the simulation, and its results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.capacity.conditions import budgets
from simulator.capacity.cost import Cost, cost, work
from simulator.capacity.demand import connections
from simulator.capacity.inputs import Inputs
from simulator.capacity.prices import Prices, read_prices
from simulator.capacity.providers import PROVIDERS
from simulator.capacity.report.answers import Answer, answer
from simulator.capacity.report.source_design import Row, reproduce
from simulator.capacity.sample import Decide, Sample
from simulator.capacity.scenarios import SPOTIFY, Scenario
from simulator.capacity.simulation import Trace, simulate
from simulator.capacity.sizing import Size, sizes
from simulator.capacity.staleness import DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Study:
    """`answers` and `costs` are in the order of the scenarios; the first one is the reference."""

    trace: Trace
    seed: int
    prices: Prices
    source: Sequence[Row]
    answers: Sequence[Answer]
    costs: Sequence[Cost]
    sizes: Sequence[Size]

    def lane(self, name: str) -> int | None:
        """The index of a scenario; None if it was not simulated."""
        names = [one.name for one in self.answers]
        return names.index(name) if name in names else None


def study(
    scenarios: Sequence[Scenario],
    inputs: Inputs,
    decide: Decide,
    *,
    days: int,
    seed: int,
    on_scenario: Callable[[str], None] = lambda _: None,
    on_hour: Callable[[int], None] = lambda _: None,
) -> Study:
    """`decide` says which accounts are crawled when. Calls `on_scenario` before each scenario's
    accounts, and `on_hour` after each hour of all scenarios.
    """
    places = range(len(PROVIDERS))
    needed = [decide(place, None, 0.0).crawls_each for place in places]
    samples = []
    for scenario in scenarios:
        on_scenario(scenario.name)
        samples.append([_sample(scenario, place, inputs, needed, decide) for place in places])
    trace = simulate(scenarios, inputs, samples, needed, days=days, seed=seed, on_hour=on_hour)
    prices = read_prices()
    lanes = range(len(scenarios))
    answers = [answer(trace, lane) for lane in lanes]
    return Study(
        trace,
        seed,
        prices,
        reproduce(seed, prices),
        answers,
        [cost(work(trace, lane), inputs, prices) for lane in lanes],
        sizes(answers[0].crawls_done, inputs, prices, seed),
    )


def _sample(
    scenario: Scenario, place: int, inputs: Inputs, needed: Sequence[float], decide: Decide
) -> Sample:
    """The accounts of a provider, whose budget is `crawls` a day and account."""
    calls = budgets(scenario, inputs, needed)[place] * DAY_SECONDS
    crawls = calls / PROVIDERS[place].calls / connections(scenario, place, inputs)
    pushed = inputs.push_share if scenario.pushed and place == SPOTIFY else 0.0
    return decide(place, crawls if crawls < needed[place] else None, pushed)
