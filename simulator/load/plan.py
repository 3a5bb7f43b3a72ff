"""A run laid down beforehand: which request is meant to start when."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.load.mix import Call


@dataclass(frozen=True, slots=True)
class Planned:
    """`at` is the intended start, in seconds of the run; what `warms` up is not measured."""

    at: float
    warms: bool
    call: Call


def open_loop(
    draw: Callable[[], Call], *, rate: float, seconds: float, warm_up: float
) -> list[Planned]:
    """`rate` calls a second, evenly spaced, whether or not earlier ones were answered."""
    return [
        Planned(number / rate, number / rate < warm_up, draw())
        for number in range(round(rate * (warm_up + seconds)))
    ]
