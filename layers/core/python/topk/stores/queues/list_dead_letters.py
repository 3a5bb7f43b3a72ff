"""Owners whose list could not be built, for a person to look at.

A message is the JSON object {"owner", "chunks", "reason"}: the owner's key, the ids of the chunks
that asked for the list, and why it was given up.
"""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated


class ListDeadLetters:
    """`sqs` makes a client, when the first is given up. Raises StoreError where the queue fails."""

    def __init__(self, sqs: Callable[[], Any], *, url: str) -> None:
        self._make, self._url = sqs, url

    def put(self, owner: Owner, chunks: Sequence[str], *, reason: str) -> None:
        message = {"owner": owner.key, "chunks": [*chunks], "reason": reason}
        with translated("send dead letter"):
            self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps(message))

    @cached_property
    def _sqs(self) -> Any:
        return self._make()
