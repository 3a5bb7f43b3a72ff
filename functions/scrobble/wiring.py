"""Dependencies of the scrobble function, created on first use and kept for the process."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from topk.runtime.aws import client
from topk.runtime.scrobbler_apps import ScrobblerApps
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import bind
from topk.stores.imports.import_queue import ImportQueue
from topk.stores.imports.import_table import Imports
from topk.stores.imports.uploads import Uploads
from topk.stores.tables.connections import Connections
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.usecases.accounts.rate_limit import RateLimit
from topk.usecases.importing.begin_import import ImportPorts
from topk.usecases.lists.aggregate import ListPorts
from topk.usecases.scrobbling.call_limit import CallLimit
from topk.usecases.scrobbling.personal_tokens import TokenStores

if TYPE_CHECKING:
    from topk.stores.tables.vault import Vault


NEEDS = (
    *tables(
        "tenants",
        "tenant_rates",
        "personal_tokens",
        "profiles",
        "data_keys",
        "plays",
        "top_lists",
        "connections",
        "imports",
    ),
    "TOKEN_KEY_ID",
    "SCROBBLER_SECRET",
    "IMPORT_QUEUE_URL",
    "IMPORT_BUCKET",
    "PUBLIC_URL",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True)
class Scrobbling:
    settings: Settings
    tokens: PersonalTokens
    profiles: Profiles
    plays: Plays
    connections: Connections
    top_lists: TopLists
    apps: ScrobblerApps
    rate_limit: RateLimit
    calls: CallLimit = field(default_factory=CallLimit)

    @cached_property
    def vault(self) -> "Vault":
        """Loaded on first use: it imports cryptography, which most calls do not need."""
        from topk.stores.tables.vault import Vault

        return Vault(client("kms", self.settings.region), key_id=self.settings.token_key)

    @cached_property
    def importing(self) -> ImportPorts:
        """Created on first use: few calls are about imports."""
        region = self.settings.region
        return ImportPorts(
            Imports(),
            Uploads(client("s3", region), bucket=self.settings.import_bucket),
            ImportQueue(client("sqs", region), url=self.settings.import_queue),
            self.profiles,
        )

    @property
    def lists(self) -> ListPorts:
        return ListPorts(self.plays, self.connections, self.profiles, self.top_lists)

    @cached_property
    def stores(self) -> TokenStores:
        return TokenStores(self.tokens, self.profiles, lambda: self.vault)


@lru_cache(maxsize=1)
def scrobbling() -> Scrobbling:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    return Scrobbling(
        settings=settings,
        tokens=PersonalTokens(),
        profiles=Profiles(),
        plays=Plays(retention_days=settings.retention_days, separate=settings.tenants.separate),
        connections=Connections(),
        top_lists=TopLists(),
        apps=ScrobblerApps(settings, secrets=client("secretsmanager", settings.region)),
        rate_limit=RateLimit(Profiles()),
    )
