"""Cold starts in a run whose processes are all warm: a stated share of requests waits for one.

An emulator has no snapshots to restore. A cold start lasts as long as a restore on AWS, and as the
first invocation computes with the share of a core that the function has.
"""

from collections.abc import Sequence
from random import Random

from simulator.load.results import Result

RESTORE_SECONDS = 0.15
"""Assumption: AWS promises starts below a second and publishes no percentiles. Restores of Python
functions of this size are reported around it.
"""
FIRST_CPU_SECONDS = 0.038
"""Of the read function's first invocation on one core, as `topk starts` measured it."""
CORE_MB = 1769


def cold_seconds(megabytes: int) -> float:
    """The time that a cold start of a function with so much memory adds to its first request."""
    return RESTORE_SECONDS + FIRST_CPU_SECONDS * max(CORE_MB / megabytes, 1.0)


def with_cold_starts(
    results: Sequence[Result], *, share: float, seconds: float, dice: Random
) -> list[Result]:
    """`results`, of which `share` took `seconds` longer, spread evenly at random over the run."""
    measured = [number for number, one in enumerate(results) if not one.warms]
    cold = {*dice.sample(measured, round(len(measured) * share))}
    return [
        one._replace(latency=one.latency + seconds) if number in cold else one
        for number, one in enumerate(results)
    ]
