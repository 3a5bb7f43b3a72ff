"""Fix: events have the world's time, so that days can pass for the service.

Fault: every event is stamped with real time. Schedules, the visibility timeout of messages and the
expiry of tokens still follow real time.
"""

import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from simulator.clock import Clock
from simulator.emulator.splice import Part, around, emulated

Event = dict[str, Any]


def stamp(event: Event, *, world: float, at: Callable[[float], float]) -> Event:
    """`event` with its times converted to world time (epoch seconds).

    `world` is the current world time, `at(wall)` the world time at the real time `wall`.

    HTTP API requests: requestContext.timeEpoch (ms) and time; scheduled events: time; queue
    records: SentTimestamp and ApproximateFirstReceiveTimestamp (ms). Other events are returned
    unchanged.
    """
    if "timeEpoch" in event.get("requestContext", {}):
        return {**event, "requestContext": _request(event["requestContext"], world)}
    if event.get("detail-type") == "Scheduled Event":
        return {**event, "time": _utc(world).strftime("%Y-%m-%dT%H:%M:%SZ")}
    if "Records" in event:
        return {**event, "Records": [_record(one, at) for one in event["Records"]]}
    return event


def _request(context: Event, world: float) -> Event:
    written = _utc(world).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return {**context, "timeEpoch": int(world * 1000), "time": written}


def _record(record: Event, at: Callable[[float], float]) -> Event:
    if record.get("eventSource") != "aws:sqs":
        return record
    moved = {
        name: str(int(at(int(value) / 1000) * 1000)) if name.endswith("Timestamp") else value
        for name, value in record["attributes"].items()
    }
    return {**record, "attributes": moved}


def _utc(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


class WorldTime:
    """Replaces the `time` module with one whose time() is the world's."""

    def __init__(self, clock: Clock) -> None:
        self.time = clock.now

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


def stamp_events(clock: Clock) -> None:
    def execute(original: Part, function: Any, event: Any) -> Any:
        if isinstance(event, Mapping):
            event = stamp(dict(event), world=clock.now(), at=clock.at)
        return original(function, event)

    around(emulated("services.lambda_svc"), "_execute_function", execute)


def keep_tables_in_world_time(clock: Clock) -> None:
    """Item expiry and stream records use the world's time.

    A stream keeps its records forever: in a world that jumps by a day they would exceed the 24
    hours of AWS before their function has run.
    """
    tables = emulated("services.dynamodb")
    tables.__dict__["time"] = WorldTime(clock)
    tables.__dict__["_STREAM_RETENTION_SECONDS"] = math.inf
