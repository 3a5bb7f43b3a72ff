"""Adds the latency of the real services to a run.

latencies.json gives the median and the 99th percentile of each service, and of the operations that
differ from it, with their sources. Latencies are assumed to be log-normal.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

from simulator.aws.calls import Answer, Call, Perform
from simulator.listeners.dice import Dice

_TABLE = Path(__file__).with_name("latencies.json")
_NORMAL = NormalDist()
_Z99 = _NORMAL.inv_cdf(0.99)
_MOST = 0.9999
"""Draws are cut off at this percentile."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds."""

    p50: float
    p99: float
    source: str

    def at(self, fraction: float) -> float:
        """The percentile at `fraction`, between 0 and 1."""
        z = _NORMAL.inv_cdf(min(max(fraction, 1 - _MOST), _MOST))
        return self.p50 * math.exp(z * math.log(self.p99 / self.p50) / _Z99)


def read_latencies() -> Mapping[str, Latency]:
    """Service, or service and operation ("dynamodb.Query") if that differs, -> its latency."""
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    return {name: _latency(of) for name, of in (table["services"] | table["operations"]).items()}


def _latency(given: Mapping[str, Any]) -> Latency:
    return Latency(given["p50"] / 1000, given["p99"] / 1000, given["from"])


class Latencies:
    """A hook that makes every call take as long as on AWS.

    `wait` lets the given seconds pass: in real time, or on a scheduler. `own` replaces latencies of
    the table, by service.
    """

    def __init__(self, dice: Dice, wait: Callable[[float], None], **own: Latency) -> None:
        self._table = {**read_latencies(), **own}
        self._dice = dice
        self._wait = wait

    def __call__(self, call: Call, perform: Perform) -> Answer:
        self._wait(self.seconds(call.service, call.operation))
        return perform()

    def seconds(self, service: str, operation: str) -> float:
        """Draws the duration of a call (seconds)."""
        found = self._table.get(f"{service}.{operation}") or self._table[service]
        return found.at(self._dice.fraction())
