"""Dependencies of the ingest function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.aws import client
from topk.runtime.push_secrets import PushSecrets
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import bind
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.provider_users import ProviderUsers
from topk.usecases.crawling.ingest import IngestPorts

NEEDS = (
    *tables("tenants", "provider_users", "connections", "plays"),
    "PROVIDERS",
    "PUBLIC_URL",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Ingesting:
    settings: Settings
    secrets: PushSecrets
    ports: IngestPorts


@lru_cache(maxsize=1)
def ingesting() -> Ingesting:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    return Ingesting(
        settings=settings,
        secrets=PushSecrets(settings, secrets=client("secretsmanager", settings.region)),
        ports=IngestPorts(
            provider_users=ProviderUsers(),
            connections=Connections(),
            plays=Plays(retention_days=settings.retention_days),
            retention_days=settings.retention_days,
            play_rule=settings.play_rule_of,
        ),
    )
