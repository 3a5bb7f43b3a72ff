"""Dependencies of the privacy function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.aws import client
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import bind
from topk.stores.queues.erasure_queue import ErasureQueue
from topk.stores.tables.connections import Connections
from topk.stores.tables.erasures import Erasures
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.usecases.accounts.rate_limit import RateLimit
from topk.usecases.lists.aggregate import ListPorts

NEEDS = (
    *tables("tenants", "tenant_rates", "profiles", "plays", "top_lists", "connections", "erasures"),
    "ERASURE_QUEUE_URL",
    "PUBLIC_URL",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Guarding:
    settings: Settings
    profiles: Profiles
    rate_limit: RateLimit
    lists: ListPorts
    erasures: Erasures

    @property
    def queue(self) -> ErasureQueue:
        """Created only for erasures, so that other first calls are not slowed."""
        return ErasureQueue(client("sqs", self.settings.region), url=self.settings.erasure_queue)


@lru_cache(maxsize=1)
def guarding() -> Guarding:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    return Guarding(
        settings=settings,
        profiles=Profiles(),
        rate_limit=RateLimit(Profiles()),
        lists=ListPorts(
            plays=Plays(retention_days=settings.retention_days, separate=settings.tenants.separate),
            connections=Connections(),
            profiles=Profiles(),
            top_lists=TopLists(),
        ),
        erasures=Erasures(),
    )
