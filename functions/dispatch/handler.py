"""Schedule tick -> due crawls in the providers' queues."""

import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from functions.dispatch.wiring import dispatching
from topk.domain.errors import MalformedMessageError
from topk.runtime.invocation import begin_invocation
from topk.runtime.observability import count, logger
from topk.usecases.crawling.dispatch_due import dispatch_due

_RESERVE_MS = 10_000
"""Remaining invocation time below which no further slot is started."""


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Return the number of queued crawls, and how many seconds the tick started behind.

    Out of time, it leaves the rest to the next tick. A job's correlation id is the id of its tick
    and its number in hexadecimal.
    """
    begin_invocation()
    parts = dispatching()
    tick, due, behind = uuid4().hex[-6:], itertools.count(), [0]
    dispatched = 0
    try:
        dispatched = dispatch_due(
            _tick(event),
            grid=parts.grid,
            timetable=parts.timetable,
            queues=parts.queues,
            time_left=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
            new_correlation=lambda: f"{tick}{next(due):06x}",
            behind=behind.append,
        )
    finally:
        count({"Due": next(due), "Dispatched": dispatched, "DispatchBehind": max(behind)})
    logger().info("dispatched", extra={"correlation": tick, "crawls": dispatched})
    return {"dispatched": dispatched, "behind": max(behind)}


def _tick(event: Mapping[str, Any]) -> int:
    """When the schedule fired (epoch seconds), possibly long ago."""
    try:
        return int(datetime.fromisoformat(event["time"]).timestamp())
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedMessageError("schedule event without `time`") from error
