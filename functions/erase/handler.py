"""Erasure queue -> deletes the user's data."""

from typing import Any

from functions.erase.wiring import Erasing, erasing
from topk.domain.privacy.erasure import ErasureJob
from topk.runtime.observability import count
from topk.usecases.privacy.erase import erase

_RESERVE_MS = 10_000
"""Remaining invocation time below which no further page is started."""


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    parts = erasing()
    for record in event["Records"]:
        job = parts.queue.parse(record["body"])
        done = parts.runner.run(_erase(parts, job, context))
        count({"Erased": int(done)})


async def _erase(parts: Erasing, job: ErasureJob, context: Any) -> bool:
    try:
        return await erase(
            job,
            parts.ports,
            time_left=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
            now=int(parts.clock()),
        )
    finally:
        await parts.http.close()
