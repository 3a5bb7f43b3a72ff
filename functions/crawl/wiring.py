"""Dependencies of the crawl function, created on first use and kept for the process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from uuid import uuid4

from topk.clock import wall_clock
from topk.providers.http import http_client  # noqa: F401 - loaded while the function starts, not by its first crawl
from topk.providers.http.transport import Transport
from topk.runtime.aws import client
from topk.runtime.provider_directory import ProviderDirectory
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import bind
from topk.stores.queues.crawl_queues import CrawlQueues
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.provider_budgets import ProviderBudgets
from topk.stores.tables.tenant_rates import TenantRates
from topk.stores.tables.timetable import Timetable
from topk.stores.tables.vault import Vault
from topk.usecases.crawling.crawl import CrawlPorts
from topk.usecases.crawling.named_tenants import NamedTenants

NEEDS = (
    *tables(
        "tenants",
        "tenant_rates",
        "connections",
        "timetable",
        "plays",
        "data_keys",
        "provider_budgets",
    ),
    "TOKEN_KEY_ID",
    "PROVIDERS",
    "APP_SECRETS",
    "QUEUE_URLS",
    "DEAD_LETTER_URLS",
)
"""Environment variables beside those that every function needs."""
AT_ONCE = 50
SECONDS_EACH = 20.0


@dataclass(frozen=True, slots=True)
class Crawling:
    """`runner` keeps one event loop for all batches."""

    ports: CrawlPorts
    queues: CrawlQueues
    budgets: ProviderBudgets
    http: Transport
    runner: asyncio.Runner
    settings: Settings
    named: NamedTenants
    clock: Callable[[], float] = wall_clock

    def now(self, received: int) -> int:
        """The current time for waits and limits (epoch seconds).

        Not the time of the messages: a message that is delivered again has the time of its first
        delivery.
        """
        return max(received, int(self.clock()))

    def provider_of(self, queue_arn: str) -> str:
        """The provider whose queue has the ARN."""
        name = queue_arn.rpartition(":")[2]
        return next(
            provider
            for provider, url in self.settings.queues.items()
            if url.rpartition("/")[2] == name
        )


@lru_cache(maxsize=1)
def crawling() -> Crawling:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    http = Transport.open()
    return Crawling(
        ports=CrawlPorts(
            connections=Connections(),
            timetable=Timetable(),
            plays=Plays(retention_days=settings.retention_days),
            vault=Vault(client("kms", settings.region), key_id=settings.token_key),
            provider=ProviderDirectory(
                settings,
                secrets=client("secretsmanager", settings.region),
                http=http,
            ),
            bounds=settings.bounds_of,
            grid=settings.grid,
            new_id=lambda: uuid4().hex[-4:],
            at_once=AT_ONCE,
            seconds_each=SECONDS_EACH,
            app_of=settings.app_of,
            play_rule=settings.play_rule_of,
        ),
        queues=CrawlQueues(
            client("sqs", settings.region),
            queues=settings.queues,
            dead_letters=settings.dead_letters,
        ),
        budgets=ProviderBudgets(),
        http=http,
        runner=asyncio.Runner(),
        settings=settings,
        named=NamedTenants(TenantRates()),
    )
