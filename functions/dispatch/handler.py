"""Schedule tick -> the crawls that are due, queued at their providers."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from topk.runtime.aws import client
from topk.runtime.observability import count, logger
from topk.runtime.settings import Settings
from topk.stores.crawl_queues import CrawlQueues
from topk.stores.models import bind
from topk.stores.timetable import Timetable
from topk.usecases.dispatch_due import dispatch_due

_RESERVE_MS = 10_000
"""What is left of the invocation's time when no further slot is begun."""


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    settings, timetable, queues = _parts()
    dispatched = dispatch_due(
        int(datetime.fromisoformat(event["time"]).timestamp()),
        grid=settings.grid,
        timetable=timetable,
        queues=queues,
        time_left=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
        new_correlation=lambda: uuid4().hex,
    )
    logger().info("dispatched", extra={"crawls": dispatched, "tick": event["time"]})
    count({"Dispatched": dispatched})
    return {"dispatched": dispatched}


@lru_cache(maxsize=1)
def _parts() -> tuple[Settings, Timetable, CrawlQueues]:
    settings = Settings.of()
    bind(settings.tables, region=settings.region)
    queues = CrawlQueues(client("sqs", settings.region), queues=settings.queues, dead_letters={})
    return settings, Timetable(), queues
