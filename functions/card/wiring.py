"""What drawing a card needs, made on first use and kept for the life of the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.settings import Settings
from topk.stores.audience import Audience
from topk.stores.connections import Connections
from topk.stores.models import bind
from topk.stores.plays import Plays
from topk.stores.top_lists import TopLists
from topk.usecases.read_list import Refreshing


@dataclass(frozen=True, slots=True)
class Drawing:
    settings: Settings
    audience: Audience
    refreshing: Refreshing


@lru_cache(maxsize=1)
def drawing() -> Drawing:
    """A card asks for no crawl: link previews are fetched by machines, more often than seen."""
    settings = Settings.of()
    connection = bind(settings.tables, region=settings.region)
    return Drawing(
        settings=settings,
        audience=Audience(connection.client),
        refreshing=Refreshing(
            plays=Plays(retention_days=settings.retention_days),
            connections=Connections(),
            top_lists=TopLists(),
        ),
    )
