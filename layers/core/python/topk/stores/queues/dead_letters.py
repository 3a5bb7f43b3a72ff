"""Dead-letter queues, from which messages of an erased owner are deleted."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated

LOOKED_AT_SECONDS = 30
"""Visibility timeout of an inspected message."""
_BATCH = 10
_MOST = 1000
"""Maximum messages of a queue inspected in one pass; operators are alerted at one."""


class DeadLetters:
    """`sqs` is a client. Raises StoreError where a queue fails."""

    def __init__(self, sqs: Any, *, urls: Iterable[str]) -> None:
        self._sqs = sqs
        self._urls = tuple(urls)

    def erase(self, owner: Owner) -> Iterator[int]:
        """Delete the messages of `owner`; yields after each batch."""
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
