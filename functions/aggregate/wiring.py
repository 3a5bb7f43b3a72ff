"""Dependencies of the aggregate function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.domain.toplist.top_list import TopList
from topk.runtime.aws import client
from topk.runtime.flags import flags
from topk.runtime.observability import count, logger
from topk.runtime.settings import STREAM, Settings, tables
from topk.stores.codecs.list_format import decode, encode
from topk.stores.codecs.roundtrip_check import RoundtripCheck
from topk.stores.dynamodb.models import bind
from topk.stores.queues.list_dead_letters import ListDeadLetters
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.usecases.lists.aggregate import ListPorts

NEEDS = (
    *tables("tenants", "plays", "top_lists", "profiles", "connections"),
    "DEAD_LETTER_URLS",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Aggregating:
    ports: ListPorts
    dead_letters: ListDeadLetters


@lru_cache(maxsize=1)
def aggregating() -> Aggregating:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    return Aggregating(
        ports=ListPorts(
            plays=Plays(retention_days=settings.retention_days, separate=settings.tenants.separate),
            connections=Connections(),
            profiles=Profiles(),
            top_lists=TopLists(_shadow),
        ),
        dead_letters=ListDeadLetters(
            lambda: client("sqs", settings.region), url=settings.dead_letters[STREAM]
        ),
    )


def _shadow(written: TopList) -> None:
    """Read written lists back if the flag is on."""
    if flags().on("shadow_lists"):
        _reading_back(written)


def _differs(place: str) -> None:
    logger().error("a list is not read as it was written", extra={"error": place})
    count({"ShadowDiffers": 1})


_reading_back = RoundtripCheck(
    encode,
    lambda body, written: decode(body, as_of=written.as_of, time_zone=written.time_zone),
    _differs,
)
