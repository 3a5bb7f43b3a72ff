"""Dependencies of the erase function, created on first use and kept for the process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from pynamodb.connection import Connection

from topk.clock import wall_clock
from topk.providers.http.transport import Transport
from topk.runtime.aws import client
from topk.runtime.provider_directory import ProviderDirectory
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import BlockModel, FollowModel, bind
from topk.stores.graph.edges import Edges
from topk.stores.graph.follow_requests import FollowRequests
from topk.stores.graph.graph import Graph
from topk.stores.imports.import_table import Imports
from topk.stores.imports.uploads import Uploads
from topk.stores.queues.announcements import Announcements
from topk.stores.queues.dead_letters import DeadLetters
from topk.stores.queues.erasure_queue import ErasureQueue
from topk.stores.s3.erased_users import ErasedUsers
from topk.stores.s3.exports import Exports
from topk.stores.tables.connections import Connections
from topk.stores.tables.erasures import Erasures
from topk.stores.tables.handshakes import Handshakes
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.provider_users import ProviderUsers
from topk.stores.tables.timetable import Timetable
from topk.stores.tables.top_lists import TopLists
from topk.stores.tables.vault import Vault
from topk.usecases.accounts.disconnect import DisconnectPorts
from topk.usecases.privacy.erase import ErasePorts

NEEDS = (
    *tables(
        "tenants",
        "connections",
        "timetable",
        "provider_users",
        "handshakes",
        "personal_tokens",
        "imports",
        "plays",
        "top_lists",
        "follows",
        "follow_requests",
        "blocks",
        "profiles",
        "data_keys",
        "erasures",
    ),
    "TOKEN_KEY_ID",
    "PROVIDERS",
    "APP_SECRETS",
    "DEAD_LETTER_URLS",
    "ERASURE_QUEUE_URL",
    "ERASURE_SWEEP_SECONDS",
    "EXPORT_BUCKET",
    "IMPORT_BUCKET",
    "ARCHIVE_BUCKET",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Erasing:
    ports: ErasePorts
    queue: ErasureQueue
    http: Transport
    runner: asyncio.Runner
    clock: Callable[[], float] = wall_clock


@lru_cache(maxsize=1)
def erasing() -> Erasing:
    settings = Settings.of(NEEDS)
    connection = bind(settings.tables, region=settings.region)
    http = Transport.open()
    queue = ErasureQueue(client("sqs", settings.region), url=settings.erasure_queue)
    return Erasing(
        ports=_ports(settings, connection, http, queue),
        queue=queue,
        http=http,
        runner=asyncio.Runner(),
    )


def _ports(
    settings: Settings, connection: Connection, http: Transport, queue: ErasureQueue
) -> ErasePorts:
    sqs, s3 = client("sqs", settings.region), client("s3", settings.region)
    return ErasePorts(
        disconnecting=DisconnectPorts(
            provider=ProviderDirectory(
                settings, secrets=client("secretsmanager", settings.region), http=http
            ),
            connections=Connections(),
            provider_users=ProviderUsers(),
            timetable=Timetable(),
            vault=Vault(client("kms", settings.region), key_id=settings.token_key),
            grid=settings.grid,
        ),
        providers=settings.providers,
        handshakes=Handshakes(),
        personal_tokens=PersonalTokens(),
        imports=Imports(),
        plays=Plays(retention_days=settings.retention_days),
        top_lists=TopLists(),
        announcements=Announcements(
            lambda: client("events", settings.region), buses=settings.tenants.event_buses
        ),
        follows=Edges(FollowModel),
        graph=Graph(connection),
        follow_requests=FollowRequests(),
        blocks=Edges(BlockModel),
        archive=ErasedUsers(s3, bucket=settings.archive_bucket),
        exports=Exports(s3, bucket=settings.export_bucket),
        uploads=Uploads(s3, bucket=settings.import_bucket),
        dead_letters=DeadLetters(sqs, urls=settings.dead_letters.values()),
        profiles=Profiles(),
        erasures=Erasures(),
        queue=queue,
        sweep_after=settings.sweep_seconds,
        clock=wall_clock,
    )
