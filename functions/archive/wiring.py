"""Dependencies of the archive function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.aws import client
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import bind
from topk.stores.s3.archive import Archive
from topk.stores.tables.plays import Plays

NEEDS = (
    *tables("plays"),
    "ARCHIVE_BUCKET",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Archiving:
    plays: Plays
    archive: Archive


@lru_cache(maxsize=1)
def archiving() -> Archiving:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    return Archiving(
        Plays(retention_days=settings.retention_days),
        Archive(client("s3", settings.region), bucket=settings.archive_bucket),
    )
