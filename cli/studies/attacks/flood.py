"""An anonymous flood of share cards against the account's limits, in virtual time.

Requests arrive evenly. A route admits as many a second as its throttle, a function runs as often at
a time as its reserved concurrency or the account's unreserved rest allow, and what finds no room is
throttled, as on AWS.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PUBLIC_SHARE = 0.1
"""Of a tenant's requests, that a route for anybody gets: infra_cdk/api/http_api.py."""
ACCOUNT = 1000
"""Concurrent executions of an account by default:
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""
SECONDS = 60
FLOOD = 3000
"""Requests of anybody in a second."""


@dataclass(frozen=True, slots=True)
class Load:
    """Calls a second of a function, how long each runs (seconds), and the throttle before it."""

    name: str
    per_second: float
    seconds: float
    throttle: float = float("inf")


USUAL = (
    Load("read", per_second=1200, seconds=0.05),
    Load("account", per_second=100, seconds=0.05),
    Load("crawl", per_second=12, seconds=20.0),
    Load("aggregate", per_second=20, seconds=2.0),
    Load("erase", per_second=0.2, seconds=30.0),
)
"""Ordinary work. Crawls and aggregation run in batches."""


def flood_of_cards(throttle: float) -> Load:
    """A card takes up to two seconds to draw on one core; `throttle` is the route's."""
    return Load("card", per_second=FLOOD, seconds=2.0, throttle=throttle)


def throttled(loads: tuple[Load, ...], reserved: Mapping[str, int]) -> dict[str, int]:
    """Admitted calls of each function that found no room, in SECONDS of virtual time."""
    pools = {**reserved, "": ACCOUNT - sum(reserved.values())}
    free, refused = dict(pools), {load.name: 0 for load in loads}
    ends: list[tuple[float, str]] = []
    arrivals = sorted(
        (number / rate, place)
        for place, load in enumerate(loads)
        if (rate := min(load.per_second, load.throttle))
        for number in range(int(SECONDS * rate))
    )
    for moment, place in arrivals:
        while ends and ends[0][0] <= moment:
            free[heappop(ends)[1]] += 1
        load = loads[place]
        pool = load.name if load.name in reserved else ""
        if free[pool]:
            free[pool] -= 1
            heappush(ends, (moment + load.seconds, pool))
        else:
            refused[load.name] += 1
    return refused


def floods(stage: str = "production") -> dict[str, dict[str, int]]:
    """Calls without room: on an ordinary day, in a flood, and in one without the reservation."""
    declared = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]["stages"]
    throttle = declared[stage]["requests_per_second"] * PUBLIC_SHARE
    reserved = declared[stage]["reserved_concurrency"]
    flood = (*USUAL, flood_of_cards(throttle))
    return {
        "without a flood": throttled((*USUAL, Load("card", 1, 2.0)), reserved),
        "with reserved concurrency": throttled(flood, reserved),
        "without it": throttled(flood, {}),
    }
