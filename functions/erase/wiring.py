"""Dependencies of the erase function, and the list of places that it empties."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from pynamodb.connection import Connection

from topk.clock import wall_clock
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.toplist.announcement import Announcement
from topk.providers.http.transport import Transport
from topk.runtime.aws import client
from topk.runtime.provider_directory import ProviderDirectory
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import BlockModel, FollowModel, bind
from topk.stores.queues.announcements import Announcements
from topk.stores.queues.dead_letters import DeadLetters
from topk.stores.queues.erasure_queue import ErasureQueue
from topk.stores.s3.erased_users import ErasedUsers
from topk.stores.s3.exports import Exports
from topk.stores.tables.connections import Connections
from topk.stores.tables.edges import Edges
from topk.stores.tables.erasures import Erasures
from topk.stores.tables.graph import Graph
from topk.stores.tables.handshakes import Handshakes
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.provider_users import ProviderUsers
from topk.stores.tables.timetable import Timetable
from topk.stores.tables.top_lists import TopLists
from topk.stores.tables.vault import Vault
from topk.usecases.accounts.disconnect import disconnect
from topk.usecases.privacy.erase import Place, unfollow_all

NEEDS = (
    *tables(
        "connections",
        "timetable",
        "provider_users",
        "handshakes",
        "personal_tokens",
        "plays",
        "top_lists",
        "follows",
        "blocks",
        "profiles",
        "data_keys",
        "erasures",
    ),
    "TOKEN_KEY_ID",
    "PROVIDERS",
    "DEAD_LETTER_URLS",
    "ERASURE_QUEUE_URL",
    "ERASURE_SWEEP_SECONDS",
    "EXPORT_BUCKET",
    "ARCHIVE_BUCKET",
)
"""Environment variables beside those that every function needs."""
DISCONNECTED = frozenset({"Connections", "Timetable", "ProviderUsers"})
"""Places that disconnecting every provider empties."""
LAST = frozenset({"Profiles"})
"""The places with the tombstone, emptied last."""
HELD_OF_NO_USER = {
    "DataKeys": "a key of a tenant and month; what it sealed is gone with the connection",
    "ProviderBudgets": "how fast a provider's application is asked",
    "Erasures": "a receipt, which its holder alone can tie to a user",
}


@dataclass(frozen=True, slots=True)
class Erasing:
    settings: Settings
    connections: Connections
    provider_users: ProviderUsers
    timetable: Timetable
    vault: Vault
    provider: ProviderDirectory
    profiles: Profiles
    erasures: Erasures
    queue: ErasureQueue
    places: tuple[Place, ...]
    http: Transport
    runner: asyncio.Runner
    clock: Callable[[], float] = wall_clock

    async def disconnect_all(self, owner: Owner) -> None:
        """Disconnects from every deployed provider, and from any that no longer is."""
        connected = {one.provider for one in self.connections.of_owner(owner)}
        for name in sorted(connected | set(self.settings.providers)):
            await disconnect(
                owner,
                name,
                provider=self.provider,
                connections=self.connections,
                provider_users=self.provider_users,
                timetable=self.timetable,
                vault=self.vault,
                grid=self.settings.grid,
            )


def places(
    settings: Settings, connection: Connection, clock: Callable[[], float]
) -> tuple[Place, ...]:
    """Every place with user data beyond connections, each with its adapter.

    Each new table, queue or bucket needs a line; a test checks it.
    """
    follows = Edges(FollowModel)
    sqs = client("sqs", settings.region)
    s3 = client("s3", settings.region)
    exports = Exports(s3, bucket=settings.export_bucket)
    erased = ErasedUsers(s3, bucket=settings.archive_bucket)
    announcements = Announcements(
        lambda: client("events", settings.region), buses=settings.event_buses
    )
    return (
        Place("Handshakes", Handshakes().erase),
        Place("PersonalTokens", PersonalTokens().erase),
        Place("Plays", Plays(retention_days=settings.retention_days).erase),
        Place("TopLists", TopLists().erase),
        Place("EventBuses", partial(_take_back, announcements, clock)),
        Place("Follows", partial(unfollow_all, follows=follows, graph=Graph(connection))),
        Place("Follows", follows.erase),
        Place("Blocks", Edges(BlockModel).erase),
        Place("Archive", erased.mark),
        Place("Exports", exports.erase),
        Place("DeadLetters", DeadLetters(sqs, urls=settings.dead_letters.values()).erase),
    )


def _take_back(
    announcements: Announcements, clock: Callable[[], float], owner: Owner
) -> Iterator[int]:
    """Sends the tenant the event that the owner's list was erased."""
    if announcements.send([Announcement(owner, int(clock() * 1000), None)]):
        raise StoreError("put events")
    yield 1


@lru_cache(maxsize=1)
def erasing() -> Erasing:
    settings = Settings.of(NEEDS)
    connection = bind(settings.tables, region=settings.region)
    http = Transport.open()
    return Erasing(
        settings=settings,
        connections=Connections(),
        provider_users=ProviderUsers(),
        timetable=Timetable(),
        vault=Vault(client("kms", settings.region), key_id=settings.token_key),
        provider=ProviderDirectory(
            settings, secrets=client("secretsmanager", settings.region), http=http
        ),
        profiles=Profiles(),
        erasures=Erasures(),
        queue=ErasureQueue(client("sqs", settings.region), url=settings.erasure_queue),
        places=places(settings, connection, wall_clock),
        http=http,
        runner=asyncio.Runner(),
    )
