"""A token bucket, as API Gateway throttles with.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple


class Throttle(NamedTuple):
    """`rate` requests a second on average, `burst` at once."""

    rate: float
    burst: int


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """One bucket for each key; `now` gives seconds. Thread-safe."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._buckets: dict[object, _Bucket] = {}
        self._lock = Lock()

    def take(self, key: object, throttle: Throttle) -> bool:
        """Whether a request is within the limit; it is then counted."""
        with self._lock:
            now = self._now()
            bucket = self._buckets.setdefault(key, _Bucket(float(throttle.burst), now))
            refilled = bucket.left + (now - bucket.at) * throttle.rate
            bucket.left, bucket.at = min(float(throttle.burst), refilled), now
            if bucket.left < 1:
                return False
            bucket.left -= 1
            return True


def throttle_of(stage: Mapping[str, Any], route: str) -> Throttle | None:
    """A route's own limits, else those of the stage; None without.

    Templates capitalise the names of the settings, the API does not.
    """
    settings: dict[str, Any] = {}
    for some in (stage.get("defaultRouteSettings"), (stage.get("routeSettings") or {}).get(route)):
        settings |= {name.lower(): value for name, value in (some or {}).items()}
    rate, burst = settings.get("throttlingratelimit"), settings.get("throttlingburstlimit")
    if rate is None or burst is None:
        return None
    return Throttle(float(rate), int(burst))
