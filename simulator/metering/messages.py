"""The number of requests that an SQS call is charged as.

Source: https://aws.amazon.com/sqs/pricing/: each 64 KB of a payload is a request; a batch of up to
ten messages is one payload.
"""

import math
from collections.abc import Mapping
from typing import Any

CHUNK_BYTES = 64 * 1024


def requests(operation: str, call: Mapping[str, Any]) -> int:
    return max(1, math.ceil(_payload(operation, call) / CHUNK_BYTES))


def _payload(operation: str, call: Mapping[str, Any]) -> int:
    match operation:
        case "SendMessage":
            return _size(call)
        case "SendMessageBatch":
            return sum(_size(entry) for entry in call["Entries"])
        case _:
            return 0


def _size(message: Mapping[str, Any]) -> int:
    attributes = message.get("MessageAttributes") or {}
    named = sum(
        len(name) + len(of.get("DataType", "")) + len(of.get("StringValue", ""))
        for name, of in attributes.items()
    )
    return len(message["MessageBody"].encode()) + named
