"""Dependencies of the dispatch function, created on first use and kept for the process."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from topk.clock import wall_clock
from topk.domain.crawl.timetable import Grid
from topk.runtime.aws import client
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.fast_client import ShortCalls
from topk.stores.dynamodb.models import bind
from topk.stores.queues.crawl_queues import AT_ONCE, CrawlQueues
from topk.stores.tables.timetable import Timetable

NEEDS = (
    *tables("timetable"),
    "QUEUE_URLS",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Dispatching:
    grid: Grid
    timetable: Timetable
    queues: CrawlQueues
    clock: Callable[[], float] = wall_clock


@lru_cache(maxsize=1)
def dispatching() -> Dispatching:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    sqs = ShortCalls(client("sqs", settings.region), idle=AT_ONCE)
    queues = CrawlQueues(sqs, queues=settings.queues, dead_letters={})
    return Dispatching(settings.grid, Timetable(), queues)
