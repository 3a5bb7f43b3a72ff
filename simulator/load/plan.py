"""Plans a load run in advance: the intended start of each request."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.load.mix import Call


@dataclass(frozen=True, slots=True)
class Planned:
    """`at` is the intended start (seconds of the run). If it `warms` up, it is not measured."""

    at: float
    warms: bool
    call: Call


def open_loop(
    draw: Callable[[], Call], *, rate: float, seconds: float, warm_up: float
) -> list[Planned]:
    """`rate` calls per second, evenly spaced, even if earlier ones are unanswered."""
    return [
        Planned(number / rate, number / rate < warm_up, draw())
        for number in range(round(rate * (warm_up + seconds)))
    ]
