"""The queue of a purge. A message is the JSON object {"began", "day", "after"}, of which the
last two may be left out; `began` as EventBridge writes a time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from topk.domain.errors import MalformedMessageError, StoreError
from topk.domain.privacy.purge import PurgeJob
from topk.stores.dynamodb.error_mapping import translated

_BATCH = 10


class _Message(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    began: datetime
    day: str = ""
    after: str = ""


_decoder = msgspec.json.Decoder(_Message)


class PurgeQueue:
    """`sqs` is a client. Raises StoreError where the queue fails."""

    def __init__(self, sqs: Any, *, url: str) -> None:
        self._sqs, self._url = sqs, url

    def send(self, jobs: Sequence[PurgeJob]) -> None:
        for begin in range(0, len(jobs), _BATCH):
            entries = [
                {"Id": str(number), "MessageBody": _body(job)}
                for number, job in enumerate(jobs[begin : begin + _BATCH])
            ]
            with translated("queue purge"):
                answer = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries)
            if answer.get("Failed"):
                raise StoreError("queue purge: not all were taken")

    def parse(self, body: str) -> PurgeJob:
        """Raises MalformedMessageError where no job can be read."""
        try:
            told = _decoder.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise MalformedMessageError(f"purge message: {error}") from None
        return PurgeJob(int(told.began.timestamp()), told.day, told.after)


def _body(job: PurgeJob) -> str:
    began = datetime.fromtimestamp(job.began, UTC)
    return msgspec.json.encode(_Message(began, job.day, job.after)).decode()
