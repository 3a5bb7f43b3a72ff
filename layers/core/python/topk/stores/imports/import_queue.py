"""The queue of imports. A message is the JSON object {"owner", "import_id"}."""

from typing import Any

import msgspec

from topk.domain.errors import MalformedMessageError
from topk.domain.imports.history_import import ImportJob
from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated


class _Message(msgspec.Struct, forbid_unknown_fields=True):
    owner: str
    import_id: str


_decoder = msgspec.json.Decoder(_Message)


class ImportQueue:
    """`sqs` is a client. Raises StoreError where the queue fails."""

    def __init__(self, sqs: Any, *, url: str) -> None:
        self._sqs, self._url = sqs, url

    def send(self, job: ImportJob, *, delay: int = 0) -> None:
        """Queues `job`, to be seen after `delay` seconds."""
        message = _Message(job.owner.key, job.import_id)
        with translated("queue import"):
            self._sqs.send_message(
                QueueUrl=self._url,
                MessageBody=msgspec.json.encode(message).decode(),
                DelaySeconds=delay,
            )

    def parse(self, body: str) -> ImportJob:
        """Raises MalformedMessageError where no job can be read."""
        try:
            message = _decoder.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise MalformedMessageError(f"import message: {error}") from None
        return ImportJob(Owner.parse(message.owner), message.import_id)
