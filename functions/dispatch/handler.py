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

    Out of time, it leaves the rest to the next tick. CrawlsLeftOut counts crawls for which
    a provider's budget is too small. A job's correlation id is the id of its tick
    and its number in hexadecimal. Raises StoreError if a shard failed, after all others.
    """
    begin_invocation()
    tick, due = uuid4().hex, itertools.count()
    done = dispatch_due(
        _tick(event),
        dispatching(),
        time_left=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
        new_correlation=lambda: f"{tick[-6:]}{next(due):06x}",
        holder=tick,
    )
    count(
        {
            "Due": next(due),
            "Dispatched": done.jobs,
            "DispatchBehind": done.behind,
            "CrawlsLeftOut": done.left_out,
        }
    )
    logger().info("dispatched", extra={"correlation": tick[-6:], "crawls": done.jobs})
    if done.error:
        raise done.error
    return {"dispatched": done.jobs, "behind": done.behind}


def _tick(event: Mapping[str, Any]) -> int:
    """When the schedule fired (epoch seconds), possibly long ago."""
    try:
        return int(datetime.fromisoformat(event["time"]).timestamp())
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedMessageError("schedule event without `time`") from error
