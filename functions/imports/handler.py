"""Import queue -> reads uploaded histories, stores their plays, and keeps the receipts."""

from typing import Any

from functions.imports.wiring import importing
from topk.domain.imports.history_import import HistoryImport
from topk.runtime.invocation import begin_invocation
from topk.runtime.observability import count
from topk.usecases.importing.read_history import give_up, read_history

RECEIVES = 5
"""Attempts after which an import is ended with a receipt that says so. The queue allows more, so
that no import ends in the dead-letter queue for what its file contains.
"""
_RESERVE_MS = 30_000
"""Remaining invocation time below which no further records are read."""


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    begin_invocation()
    parts = importing()
    for record in event["Records"]:
        job = parts.queue.parse(record["body"])
        now = int(parts.clock())
        if int(record["attributes"]["ApproximateReceiveCount"]) > RECEIVES:
            give_up(job, parts.ports, now=now)
            continue
        done = read_history(
            job,
            parts.ports,
            time_left=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
            now=now,
        )
        if done is not None and done.is_finished:
            _report(done)


def _report(done: HistoryImport) -> None:
    receipt = done.receipt
    count(
        {
            "ImportsFinished": 1,
            "RecordsRead": receipt.read,
            "RecordsNew": receipt.new,
            "RecordsUnreadable": receipt.unreadable,
        }
    )
