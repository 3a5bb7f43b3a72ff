"""What connecting needs, made on first use and kept for the life of the process."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache

from topk.providers.transport import Transport
from topk.runtime.aws import client
from topk.runtime.provider_directory import ProviderDirectory
from topk.runtime.settings import Settings
from topk.stores.connections import Connections
from topk.stores.crawl_queues import CrawlQueues
from topk.stores.handshakes import Handshakes
from topk.stores.models import bind
from topk.stores.profiles import Profiles
from topk.stores.timetable import Timetable
from topk.stores.vault import Vault


@dataclass(frozen=True, slots=True)
class Connecting:
    """`runner` keeps one event loop, and with it open connections, from call to call."""

    settings: Settings
    connections: Connections
    handshakes: Handshakes
    profiles: Profiles
    timetable: Timetable
    queues: CrawlQueues
    vault: Vault
    provider: ProviderDirectory
    runner: asyncio.Runner


@lru_cache(maxsize=1)
def connecting() -> Connecting:
    settings = Settings.of()
    bind(settings.tables, region=settings.region)
    return Connecting(
        settings=settings,
        connections=Connections(),
        handshakes=Handshakes(),
        profiles=Profiles(),
        timetable=Timetable(),
        queues=CrawlQueues(client("sqs", settings.region), queues=settings.queues, dead_letters={}),
        vault=Vault(client("kms", settings.region), key_id=settings.token_key),
        provider=ProviderDirectory(
            settings,
            secrets=client("secretsmanager", settings.region),
            http=Transport.open(),
        ),
        runner=asyncio.Runner(),
    )
