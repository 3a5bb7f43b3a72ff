"""Purge queue -> removes erased users and deleted plays from archive files."""

from typing import Any

from functions.purge.wiring import purging
from topk.runtime.invocation import begin_invocation
from topk.usecases.archive.purge_archive import purge_archive

_RESERVE_MS = 10_000
"""Remaining invocation time below which no further files are started."""


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    begin_invocation()
    parts = purging()
    for record in event["Records"]:
        purge_archive(
            parts.queue.parse(record["body"]),
            archive=parts.archive,
            progress=parts.archive,
            queue=parts.queue,
            time_left=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
        )
