"""Dependencies of the announce function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.aws import client
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.fast_client import FastClient
from topk.stores.dynamodb.models import bind
from topk.stores.queues.announcements import Announcements
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists

NEEDS = tables("tenants", "top_lists", "profiles")
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Announcing:
    top_lists: TopLists
    profiles: Profiles
    announcements: Announcements


@lru_cache(maxsize=1)
def announcing() -> Announcing:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    events = FastClient(client("events", settings.region))
    return Announcing(
        TopLists(), Profiles(), Announcements(lambda: events, buses=settings.tenants.event_buses)
    )
