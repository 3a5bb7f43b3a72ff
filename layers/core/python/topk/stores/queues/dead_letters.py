"""Dead-letter queues, out of which the messages that name an owner are erased."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated

LOOKED_AT_SECONDS = 30
"""A message that was looked at is hidden from others for so long."""
_BATCH = 10
_MOST = 1000
"""Messages of a queue looked at in one pass: a person is called when there is one."""


class DeadLetters:
    """`sqs` is a client. Raises StoreError where a queue fails."""

    def __init__(self, sqs: Any, *, urls: Iterable[str]) -> None:
        self._sqs = sqs
        self._urls = tuple(urls)

    def erase(self, owner: Owner) -> Iterator[int]:
        """Erases the messages that name `owner`; yields after each batch."""
        named = json.dumps(owner.key)
        for url in self._urls:
            for _ in range(_MOST // _BATCH):
                with translated("read dead letters"):
                    answer = self._sqs.receive_message(
                        QueueUrl=url,
                        MaxNumberOfMessages=_BATCH,
                        VisibilityTimeout=LOOKED_AT_SECONDS,
                    )
                messages = answer.get("Messages") or []
                if not messages:
                    break
                found = [one["ReceiptHandle"] for one in messages if named in one["Body"]]
                for receipt in found:
                    with translated("erase dead letter"):
                        self._sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)
                yield len(found)
