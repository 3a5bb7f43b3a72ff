"""Dependencies of the connect function, created on first use and kept for the process."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from topk.domain.owner import Owner
from topk.providers.http.transport import Transport
from topk.runtime.aws import client
from topk.runtime.provider_directory import ProviderDirectory
from topk.runtime.settings import Settings, tables
from topk.runtime.tenants import Tenant
from topk.stores.dynamodb.models import bind
from topk.stores.queues.crawl_queues import CrawlQueues
from topk.stores.tables.connections import Connections
from topk.stores.tables.handshakes import Handshakes
from topk.stores.tables.pending_connections import PendingConnections
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.provider_users import ProviderUsers
from topk.stores.tables.timetable import Timetable
from topk.stores.tables.top_lists import TopLists
from topk.usecases.accounts.confirm_connection import ConfirmPorts
from topk.usecases.accounts.disconnect import DisconnectPorts
from topk.usecases.accounts.rate_limit import RateLimit
from topk.usecases.lists.aggregate import ListPorts

if TYPE_CHECKING:
    from topk.stores.tables.vault import Vault

_T = TypeVar("_T")

NEEDS = (
    *tables(
        "tenants",
        "tenant_rates",
        "connections",
        "timetable",
        "handshakes",
        "profiles",
        "data_keys",
        "provider_users",
        "plays",
        "top_lists",
    ),
    "TOKEN_KEY_ID",
    "PROVIDERS",
    "APP_SECRETS",
    "QUEUE_URLS",
    "PUBLIC_URL",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True)
class Connecting:
    settings: Settings
    connections: Connections
    handshakes: Handshakes
    pending: PendingConnections
    profiles: Profiles
    rate_limit: RateLimit
    provider_users: ProviderUsers
    timetable: Timetable
    plays: Plays
    top_lists: TopLists
    queues: CrawlQueues
    provider: ProviderDirectory
    http: Transport
    runner: asyncio.Runner

    @cached_property
    def vault(self) -> "Vault":
        """Loaded on first use: it imports cryptography, which most calls do not need."""
        from topk.stores.tables.vault import Vault

        return Vault(client("kms", self.settings.region), key_id=self.settings.token_key)

    @property
    def confirming(self) -> ConfirmPorts:
        return ConfirmPorts(
            pending=self.pending,
            connections=self.connections,
            profiles=self.profiles,
            provider_users=self.provider_users,
            timetable=self.timetable,
            queues=self.queues,
            vault=self.vault,
            grid=self.settings.grid,
        )

    @property
    def disconnecting(self) -> DisconnectPorts:
        return DisconnectPorts(
            provider=self.provider,
            connections=self.connections,
            provider_users=self.provider_users,
            timetable=self.timetable,
            vault=self.vault,
            grid=self.settings.grid,
        )

    @property
    def lists(self) -> ListPorts:
        return ListPorts(self.plays, self.connections, self.profiles, self.top_lists)

    def tenant(self, owner: Owner) -> Tenant:
        return self.settings.tenants.existing(owner.tenant)

    def run(self, task: Coroutine[Any, Any, _T]) -> _T:
        """Run `task` and return its result. The event loop is reused, its connections are not."""

        async def run_and_close() -> _T:
            try:
                return await task
            finally:
                await self.http.close()

        return self.runner.run(run_and_close())


@lru_cache(maxsize=1)
def connecting() -> Connecting:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    http = Transport.open()
    return Connecting(
        settings=settings,
        connections=Connections(),
        handshakes=Handshakes(),
        pending=PendingConnections(),
        profiles=Profiles(),
        rate_limit=RateLimit(Profiles()),
        provider_users=ProviderUsers(),
        timetable=Timetable(),
        plays=Plays(retention_days=settings.retention_days, separate=settings.tenants.separate),
        top_lists=TopLists(),
        queues=CrawlQueues(client("sqs", settings.region), queues=settings.queues, dead_letters={}),
        provider=ProviderDirectory(
            settings,
            secrets=client("secretsmanager", settings.region),
            http=http,
        ),
        http=http,
        runner=asyncio.Runner(),
    )
