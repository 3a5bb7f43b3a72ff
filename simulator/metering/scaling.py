"""What auto scaling of provisioned capacity pays for, relative to what is consumed.

By the rules of target tracking for DynamoDB: capacity rises once consumption is above the target
for two minutes, and falls once it is a fifth below for fifteen; it falls four times a day, and once
more for each hour without a change:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MINUTES = 1440
_RISES_AFTER, _FALLS_AFTER = 2, 15
_FALLS_BELOW = 0.8
_FREE_FALLS, _FALL_EVERY = 4, 60
_BURST_SECONDS = 300
"""Unused capacity of so long is kept for bursts."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """`paid` is capacity relative to consumption, `refused` the share of requests refused."""

    paid: float
    refused: float


def daily_rhythm(swing: float) -> list[float]:
    """Consumption of each minute of a day, around 1: it peaks at 1 + `swing`."""
    return [1 - swing * math.cos(2 * math.pi * minute / MINUTES) for minute in range(MINUTES)]


@lru_cache
def scaled(target: float, swing: float) -> Scaling:
    """The second day of a load with this rhythm, at this target of utilization."""
    return follow(daily_rhythm(swing), target)


def follow(load: Sequence[float], target: float) -> Scaling:
    """Repeats `load`, units of each minute, and looks at its second round."""
    capacity, burst = load[0] / target, 0.0
    over = under = falls = 0
    since_change = 0
    paid = refused = 0.0
    for minute in range(2 * len(load)):
        units, second = load[minute % len(load)], minute >= len(load)
        if minute % MINUTES == 0:
            falls = 0
        burst = min(burst + capacity - units, capacity * _BURST_SECONDS / 60)
        if second:
            paid += capacity
            refused += max(0.0, -burst)
        burst = max(burst, 0.0)
        over = over + 1 if units > target * capacity else 0
        under = under + 1 if units < _FALLS_BELOW * target * capacity else 0
        since_change += 1
        may_fall = falls < _FREE_FALLS or since_change >= _FALL_EVERY
        if over >= _RISES_AFTER or (under >= _FALLS_AFTER and may_fall):
            falls += under >= _FALLS_AFTER
            capacity, over, under, since_change = units / target, 0, 0, 0
    return Scaling(paid / sum(load), refused / sum(load))
