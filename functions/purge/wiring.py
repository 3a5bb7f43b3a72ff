"""Dependencies of the purge function, created on first use and kept for the process."""

from dataclasses import dataclass
from functools import lru_cache

from topk.runtime.aws import client
from topk.runtime.settings import Settings
from topk.stores.queues.purge_queue import PurgeQueue
from topk.stores.s3.purging import Purging

NEEDS = (
    "PURGE_QUEUE_URL",
    "ARCHIVE_BUCKET",
)
"""Environment variables beside those that every function needs."""


@dataclass(frozen=True, slots=True)
class Purges:
    archive: Purging
    queue: PurgeQueue


@lru_cache(maxsize=1)
def purging() -> Purges:
    settings = Settings.of(NEEDS)
    return Purges(
        Purging(client("s3", settings.region), bucket=settings.archive_bucket),
        PurgeQueue(client("sqs", settings.region), url=settings.purge_queue),
    )
