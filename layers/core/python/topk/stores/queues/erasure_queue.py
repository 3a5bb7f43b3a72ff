"""The queue of erasures. A message is the JSON object {"owner", "receipt", "sweep_at"}."""

from typing import Any

import msgspec

from topk.domain.errors import MalformedMessageError
from topk.domain.owner import Owner
from topk.domain.privacy.erasure import ErasureJob
from topk.stores.dynamodb.error_mapping import translated

MAX_DELAY_SECONDS = 900


class _Message(msgspec.Struct, forbid_unknown_fields=True):
    owner: str
    receipt: str
    sweep_at: int = 0


_decoder = msgspec.json.Decoder(_Message)


class ErasureQueue:
    """`sqs` is a client. Raises StoreError where the queue fails."""

    def __init__(self, sqs: Any, *, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, job: ErasureJob, *, delay: int = 0) -> None:
        """Queues `job`, to be seen after `delay` seconds (900 at most)."""
        message = _Message(job.owner.key, job.receipt, job.sweep_at)
        with translated("queue erasure"):
            self._sqs.send_message(
                QueueUrl=self._url,
                MessageBody=msgspec.json.encode(message).decode(),
                DelaySeconds=min(max(delay, 0), MAX_DELAY_SECONDS),
            )

    def parse(self, body: str) -> ErasureJob:
        """Raises MalformedMessageError where no job can be read."""
        try:
            message = _decoder.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise MalformedMessageError(f"erasure message: {error}") from None
        return ErasureJob(Owner.parse(message.owner), message.receipt, message.sweep_at)
