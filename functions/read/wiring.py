"""What reading needs, made on first use and kept for the life of the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.settings import Settings
from topk.stores.audience import Audience
from topk.stores.connections import Connections
from topk.stores.edges import Edges
from topk.stores.models import FollowModel, bind
from topk.stores.plays import Plays
from topk.stores.top_lists import TopLists
from topk.usecases.read_list import Refreshing


@dataclass(frozen=True, slots=True)
class Reading:
    settings: Settings
    audience: Audience
    follows: Edges
    refreshing: Refreshing


@lru_cache(maxsize=1)
def reading() -> Reading:
    settings = Settings.of()
    connection = bind(settings.tables, region=settings.region)
    return Reading(
        settings=settings,
        audience=Audience(connection.client),
        follows=Edges(FollowModel),
        refreshing=Refreshing(
            plays=Plays(retention_days=settings.retention_days),
            connections=Connections(),
            top_lists=TopLists(),
        ),
    )
