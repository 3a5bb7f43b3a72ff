"""EventBridge: puts entries on buses.

Source: docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.aws.calls import Answer, Call
from simulator.aws.errors import AwsError, NotSimulatedError

BATCH, BYTES = 10, 1024 * 1024
"""Most entries of a call, and most bytes of them together:
https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb
"""
OnEntry = Callable[[Mapping[str, Any]], None]


class EventBridge:
    """`on_entry` is called with each entry that a bus accepts."""

    def __init__(self, on_entry: OnEntry) -> None:
        self._on_entry = on_entry
        self._taken = 0

    def perform(self, call: Call) -> Answer:
        """Raises AwsError, and NotSimulatedError for an operation that is not supported."""
        if call.operation != "PutEvents":
            raise NotSimulatedError(f"EventBridge's {call.operation}")
        entries = call.request["Entries"]
        if not 0 < len(entries) <= BATCH:
            raise AwsError("ValidationException")
        if sum(map(_size, entries)) > BYTES:
            raise AwsError(
                "ValidationException", "Total size of the entries in the request is over the limit."
            )
        taken, refused = call.split(entries)
        for entry in taken:
            self._on_entry(entry)
        first, self._taken = self._taken, self._taken + len(taken)
        return {
            "FailedEntryCount": len(refused),
            "Entries": [
                *({"EventId": str(number)} for number in range(first, self._taken)),
                *({"ErrorCode": "InternalFailure"} for _ in refused),
            ],
        }


def _size(entry: Mapping[str, Any]) -> int:
    """Source: docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html"""
    texts = [entry.get(name) or "" for name in ("Source", "DetailType", "Detail")]
    return sum(len(text.encode()) for text in (*texts, *(entry.get("Resources") or ())))
