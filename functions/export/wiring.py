"""Dependencies of the export function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.aws import client
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import BlockModel, FollowModel, bind
from topk.stores.graph.edges import Edges
from topk.stores.graph.follow_requests import FollowRequests
from topk.stores.imports.import_table import Imports
from topk.stores.s3.exports import Exports
from topk.stores.tables.connections import Connections
from topk.stores.tables.handshakes import Handshakes
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.provider_users import ProviderUsers
from topk.stores.tables.timetable import Timetable
from topk.stores.tables.top_lists import TopLists
from topk.usecases.privacy.export import ExportPorts

NEEDS = (
    *tables(
        "tenants",
        "tenant_rates",
        "profiles",
        "connections",
        "provider_users",
        "timetable",
        "handshakes",
        "personal_tokens",
        "imports",
        "top_lists",
        "plays",
        "follows",
        "follow_requests",
        "blocks",
    ),
    "EXPORT_BUCKET",
    "PUBLIC_URL",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Exporting:
    settings: Settings
    ports: ExportPorts

    @property
    def exports(self) -> Exports:
        """Created only for large exports, so that other first calls are not slowed."""
        return Exports(client("s3", self.settings.region), bucket=self.settings.export_bucket)


@lru_cache(maxsize=1)
def exporting() -> Exporting:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    return Exporting(
        settings=settings,
        ports=ExportPorts(
            profiles=Profiles(),
            connections=Connections(),
            provider_users=ProviderUsers(),
            timetable=Timetable(),
            grid=settings.grid,
            handshakes=Handshakes(),
            tokens=PersonalTokens(),
            imports=Imports(),
            top_lists=TopLists(),
            plays=Plays(retention_days=settings.retention_days),
            follows=Edges(FollowModel),
            requests=FollowRequests(),
            blocks=Edges(BlockModel),
        ),
    )
