"""Dependencies of the card function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import bind
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.top_lists import TopLists
from topk.stores.tables.visible_lists import VisibleLists
from topk.usecases.lists.read_list import Refreshing

NEEDS = (
    *tables("tenants", "tenant_rates", "top_lists", "profiles", "plays", "connections"),
    "PUBLIC_URL",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Drawing:
    settings: Settings
    visible_lists: VisibleLists
    refreshing: Refreshing


@lru_cache(maxsize=1)
def drawing() -> Drawing:
    """Cards request no crawls, because mostly machines fetch link previews."""
    settings = Settings.of(NEEDS)
    connection = bind(settings.tables, region=settings.region)
    return Drawing(
        settings=settings,
        visible_lists=VisibleLists(connection.client),
        refreshing=Refreshing(
            plays=Plays(retention_days=settings.retention_days, separate=settings.tenants.separate),
            connections=Connections(),
            top_lists=TopLists(),
        ),
    )
