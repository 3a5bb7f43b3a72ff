"""What aggregation needs, made on first use and kept for the life of the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.settings import Settings
from topk.stores.connections import Connections
from topk.stores.models import bind
from topk.stores.plays import Plays
from topk.stores.profiles import Profiles
from topk.stores.top_lists import TopLists


@dataclass(frozen=True, slots=True)
class Aggregating:
    plays: Plays
    connections: Connections
    profiles: Profiles
    top_lists: TopLists


@lru_cache(maxsize=1)
def aggregating() -> Aggregating:
    settings = Settings.of()
    bind(settings.tables, region=settings.region)
    return Aggregating(
        Plays(retention_days=settings.retention_days), Connections(), Profiles(), TopLists()
    )
