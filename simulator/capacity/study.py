"""One run of the simulation, and its results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.capacity.cost import Cost, cost, work
from simulator.capacity.inputs import Inputs
from simulator.capacity.prices import Prices, read_prices
from simulator.capacity.report.answers import Answer, answer
from simulator.capacity.report.source_design import Row, reproduce
from simulator.capacity.scenarios import Scenario
from simulator.capacity.simulation import Trace, simulate
from simulator.capacity.sizing import Size, sizes


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
    *,
    days: int,
    seed: int,
    on_hour: Callable[[int], None] = lambda _: None,
) -> Study:
    trace = simulate(scenarios, inputs, days=days, seed=seed, on_hour=on_hour)
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
