"""Dependencies of the read function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import uuid4

from topk.runtime.aws import client
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import FollowModel, bind
from topk.stores.graph.edges import Edges
from topk.stores.queues.crawl_queues import CrawlQueues
from topk.stores.tables.connections import Connections
from topk.stores.tables.feed_orders import FeedOrders
from topk.stores.tables.plays import Plays
from topk.stores.tables.top_lists import TopLists
from topk.stores.tables.visible_lists import VisibleLists
from topk.usecases.crawling.crawl_on_view import CrawlOnView
from topk.usecases.lists.read_list import Refreshing

NEEDS = (
    *tables(
        "tenants",
        "tenant_rates",
        "top_lists",
        "profiles",
        "follows",
        "blocks",
        "plays",
        "connections",
    ),
    "QUEUE_URLS",
    "PUBLIC_URL",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Reading:
    settings: Settings
    visible_lists: VisibleLists
    follows: Edges
    feed_orders: FeedOrders
    refreshing: Refreshing


@lru_cache(maxsize=1)
def reading() -> Reading:
    settings = Settings.of(NEEDS)
    connection = bind(settings.tables, region=settings.region)
    return Reading(
        settings=settings,
        visible_lists=VisibleLists(connection.client),
        follows=Edges(FollowModel),
        feed_orders=FeedOrders(),
        refreshing=Refreshing(
            plays=Plays(retention_days=settings.retention_days, separate=settings.tenants.separate),
            connections=Connections(),
            top_lists=TopLists(),
            crawl_on_view=CrawlOnView(
                connections=Connections(),
                queues=_queues,
                new_correlation=lambda: uuid4().hex[:12],
                after_seconds=settings.view_crawl_hours * 3600,
            ),
        ),
    )


def _queues() -> CrawlQueues:
    """Created only when a view requests a crawl, so that other first reads are not slowed."""
    settings = reading().settings
    sqs = client("sqs", settings.region)
    return CrawlQueues(sqs, queues=settings.queues, dead_letters={})
