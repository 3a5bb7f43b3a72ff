"""Results of a load run: quantiles, errors by kind, and the distribution of latencies."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999, "max": 1.0}
EDGES_MS = (2, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000, 2000, 5000)


class Result(NamedTuple):
    """One request. Times in seconds: `at` within the run, `held_up` from the intended start to the
    actual one, `latency` from the intended start to the end of the answer. `error` is empty for
    none."""

    kind: str
    warms: bool
    at: float
    held_up: float
    latency: float
    error: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Latencies in ms by kind and quantile, with `all` for all kinds; `errors` by kind and cause.

    `spread` counts the requests up to each of EDGES_MS, and those beyond.
    """

    requests: int
    rate: float
    errors: Mapping[str, int]
    latency_ms: Mapping[str, Mapping[str, float]]
    held_up_ms: Mapping[str, float]
    spread: Sequence[int]

    def figures(self) -> dict[str, Any]:
        return {
            "requests": self.requests,
            "rate_per_second": self.rate,
            "errors": dict(self.errors),
            "latency_ms": {kind: dict(of) for kind, of in self.latency_ms.items()},
            "held_up_ms": dict(self.held_up_ms),
            "spread": dict(zip([*map(str, EDGES_MS), "more"], self.spread, strict=True)),
        }


def summary(results: Sequence[Result]) -> Summary:
    """Summarizes all requests except the warm-up. Latencies include failed requests."""
    measured = [one for one in results if not one.warms]
    by_kind: dict[str, list[float]] = defaultdict(list)
    for one in measured:
        by_kind["all"].append(one.latency)
        by_kind[one.kind].append(one.latency)
    starts = [one.at for one in measured]
    span = max(starts) - min(starts) if len(starts) > 1 else 0.0
    return Summary(
        requests=len(measured),
        rate=round((len(measured) - 1) / span, 2) if span else 0.0,
        errors=Counter(f"{one.kind}: {one.error}" for one in measured if one.error),
        latency_ms={kind: _quantiles(of) for kind, of in by_kind.items()},
        held_up_ms=_quantiles([one.held_up for one in measured]),
        spread=_spread(by_kind["all"]),
    )


def _quantiles(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {name: round(quantile(ordered, share) * 1000, 1) for name, share in QUANTILES.items()}


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the ordered values do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def _spread(seconds: Sequence[float]) -> list[int]:
    counts = [0] * (len(EDGES_MS) + 1)
    for one in seconds:
        counts[next((n for n, edge in enumerate(EDGES_MS) if one * 1000 <= edge), -1)] += 1
    return counts
