"""Dependencies of the imports function, created on first use and kept for the process."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from topk.clock import wall_clock
from topk.providers.histories.uploaded import UploadedHistories
from topk.runtime.aws import client
from topk.runtime.settings import Settings, tables
from topk.stores.dynamodb.models import bind
from topk.stores.imports.import_queue import ImportQueue
from topk.stores.imports.import_table import Imports
from topk.stores.imports.uploads import Uploads
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.usecases.importing.read_history import ReadPorts

NEEDS = (
    *tables("tenants", "imports", "plays", "profiles"),
    "IMPORT_QUEUE_URL",
    "IMPORT_BUCKET",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Importing:
    ports: ReadPorts
    queue: ImportQueue
    clock: Callable[[], float] = wall_clock


@lru_cache(maxsize=1)
def importing() -> Importing:
    settings = Settings.of(NEEDS)
    bind(settings.tables, region=settings.region)
    queue = ImportQueue(client("sqs", settings.region), url=settings.import_queue)
    return Importing(
        ReadPorts(
            imports=Imports(),
            uploads=Uploads(client("s3", settings.region), bucket=settings.import_bucket),
            histories=UploadedHistories(),
            plays=Plays(retention_days=settings.retention_days),
            profiles=Profiles(),
            queue=queue,
            retention_days=settings.retention_days,
            rule=settings.play_rule_of,
        ),
        queue,
    )
