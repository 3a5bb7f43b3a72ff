"""Dependencies of the dispatch function, created on first use and kept for the process."""

from functools import lru_cache

from topk.clock import wall_clock
from topk.runtime.aws import client
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.fast_client import FastClient
from topk.stores.dynamodb.models import bind
from topk.stores.queues.crawl_queues import AT_ONCE, CrawlQueues
from topk.stores.tables.provider_budgets import ProviderBudgets
from topk.stores.tables.timetable import Timetable
from topk.usecases.crawling.dispatch_due import DispatchPorts

NEEDS = (
    *tables("tenants", "timetable", "provider_budgets"),
    "PROVIDERS",
    "QUEUE_URLS",
)
"""Environment variables beside those that every function needs."""


@lru_cache(maxsize=1)
def dispatching() -> DispatchPorts:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    sqs = FastClient(client("sqs", settings.region), idle=AT_ONCE)
    queues = CrawlQueues(sqs, queues=settings.queues, dead_letters={})
    return DispatchPorts(
        settings.grid,
        Timetable(),
        queues,
        clock=wall_clock,
        plans=ProviderBudgets(),
        budget_of=settings.budget_of,
        app_of=settings.app_of,
    )
