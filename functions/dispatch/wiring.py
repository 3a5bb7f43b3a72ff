"""Dependencies of the dispatch function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.domain.crawl.timetable import Grid
from topk.runtime.aws import client
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.fast_client import ShortCalls
from topk.stores.dynamodb.models import bind
from topk.stores.queues.crawl_queues import CrawlQueues
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


@lru_cache(maxsize=1)
def dispatching() -> Dispatching:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    sqs = ShortCalls(client("sqs", settings.region))
    queues = CrawlQueues(sqs, queues=settings.queues, dead_letters={})
    return Dispatching(settings.grid, Timetable(), queues)
