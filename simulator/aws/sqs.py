"""SQS standard queues: at-least-once delivery, no order, messages hidden while processed.

A queue's URL may be any address that ends with its name.
Sources: docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html and
sqs-visibility-timeout.html and sqs-dead-letter-queues.html beside it
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from simulator.aws.calls import Answer, Call
from simulator.aws.errors import AwsError, NotSimulatedError

BATCH, MESSAGE_BYTES = 10, 1024 * 1024
"""Most messages of a batch, and the most bytes of a message or a whole batch."""
LONGEST_DELAY, LONGEST_HIDDEN = 900, 43_200
"""Longest delay of a message and longest visibility timeout (seconds)."""


@dataclass(slots=True)
class Message:
    """`visible_at` is when it may be received next (epoch seconds)."""

    number: int
    body: str
    visible_at: float
    attributes: Mapping[str, str] = field(default_factory=dict)
    received: int = 0
    first_received_at: float = 0.0

    @property
    def receipt(self) -> str:
        return f"{self.number}-{self.received}"


@dataclass(slots=True)
class Queue:
    """A message that was received more than `receives` times moves to `dead_letters`.

    `arrived` is called with every message that becomes receivable, now or later.
    """

    name: str
    dead_letters: "Queue | None" = None
    receives: int = 0
    hidden_for: float = 30.0
    arrived: Callable[[Message], None] | None = None
    messages: dict[int, Message] = field(default_factory=dict)

    def put(self, message: Message) -> None:
        self.messages[message.number] = message
        if self.arrived:
            self.arrived(message)

    def receive(self, now: float, most: int, hidden_for: float) -> list[Message]:
        """Up to `most` messages, hidden from other receivers for `hidden_for` seconds."""
        found: list[Message] = []
        for message in [one for one in self.messages.values() if one.visible_at <= now]:
            if self.dead_letters and message.received >= self.receives:
                del self.messages[message.number]
                self.dead_letters.put(message)
            elif len(found) < most:
                message.received += 1
                message.first_received_at = message.first_received_at or now
                message.visible_at = now + hidden_for
                found.append(message)
        return found

    def delete(self, number: int) -> None:
        """Succeeds also if the message no longer exists."""
        self.messages.pop(number, None)

    def hide(self, number: int, until: float) -> None:
        """Raises AwsError if the message no longer exists."""
        message = self.messages.get(number)
        if message is None:
            raise AwsError("ReceiptHandleIsInvalid")
        message.visible_at = until
        if self.arrived:
            self.arrived(message)


class SQS:
    """`queues` maps names to queues. Times are epoch seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.queues: dict[str, Queue] = {}
        self._now = now
        self._numbers = count(1)
        self._operations: Mapping[str, Callable[[Queue, Mapping[str, Any]], Answer]] = {
            "SendMessage": self._send,
            "SendMessageBatch": self._send_batch,
            "ReceiveMessage": self._receive,
            "DeleteMessage": self._delete,
            "ChangeMessageVisibility": self._change_visibility,
        }

    def create(self, name: str, dead_letters: Queue | None = None, **settings: Any) -> Queue:
        queue = self.queues[name] = Queue(name, dead_letters, **settings)
        return queue

    def perform(self, call: Call) -> Answer:
        """Raises AwsError, and NotSimulatedError for an operation that is not supported."""
        operation = self._operations.get(call.operation)
        if operation is None:
            raise NotSimulatedError(f"SQS's {call.operation}")
        queue = self.queues.get(call.request["QueueUrl"].rpartition("/")[2])
        if queue is None:
            raise AwsError("AWS.SimpleQueueService.NonExistentQueue")
        return operation(queue, call.request)

    def _send(self, queue: Queue, request: Mapping[str, Any]) -> Answer:
        message = self._message(request)
        queue.put(message)
        return _sent(message)

    def _send_batch(self, queue: Queue, request: Mapping[str, Any]) -> Answer:
        entries = request["Entries"]
        if not 0 < len(entries) <= BATCH:
            raise AwsError("AWS.SimpleQueueService.TooManyEntriesInBatchRequest")
        messages = [self._message(entry) for entry in entries]
        if sum(map(_size, entries)) > MESSAGE_BYTES:
            raise AwsError("AWS.SimpleQueueService.BatchRequestTooLong")
        for message in messages:
            queue.put(message)
        sent = zip(entries, messages, strict=True)
        return {
            "Successful": [{"Id": entry["Id"], **_sent(message)} for entry, message in sent],
            "Failed": [],
        }

    def put(self, queue: str, body: str) -> None:
        """Puts a message on a queue from outside the code under test."""
        self.queues[queue].put(self._message({"MessageBody": body}))

    def _message(self, entry: Mapping[str, Any]) -> Message:
        delay = _within(entry, "DelaySeconds", 0, 0, LONGEST_DELAY)
        if _size(entry) > MESSAGE_BYTES:
            raise AwsError("InvalidParameterValue", "Message must be shorter than 1048576 bytes.")
        attributes = {
            name: of.get("StringValue", "")
            for name, of in (entry.get("MessageAttributes") or {}).items()
        }
        body = entry["MessageBody"]
        return Message(next(self._numbers), body, self._now() + delay, attributes)

    def _receive(self, queue: Queue, request: Mapping[str, Any]) -> Answer:
        most = int(_within(request, "MaxNumberOfMessages", 1, 1, BATCH))
        hidden_for = _within(request, "VisibilityTimeout", queue.hidden_for, 0, LONGEST_HIDDEN)
        found = queue.receive(self._now(), most, hidden_for)
        return {"Messages": [{"Body": one.body, "ReceiptHandle": one.receipt} for one in found]}

    def _delete(self, queue: Queue, request: Mapping[str, Any]) -> Answer:
        queue.delete(_number(request))
        return {}

    def _change_visibility(self, queue: Queue, request: Mapping[str, Any]) -> Answer:
        hidden_for = _within(request, "VisibilityTimeout", 0, 0, LONGEST_HIDDEN)
        queue.hide(_number(request), self._now() + hidden_for)
        return {}


def _within(request: Mapping[str, Any], name: str, default: float, least: int, most: int) -> float:
    """A number of the request. Raises AwsError if it is not between `least` and `most`."""
    value: float = request.get(name, default)
    if not least <= value <= most:
        raise AwsError("InvalidParameterValue", f"{name} {value}")
    return value


def _size(entry: Mapping[str, Any]) -> int:
    """Bytes of a message: its body, and names, types and values of its attributes."""
    size = len(entry["MessageBody"].encode())
    for name, of in (entry.get("MessageAttributes") or {}).items():
        size += len(name.encode()) + sum(len(str(text).encode()) for text in of.values())
    return size


def _sent(message: Message) -> dict[str, str]:
    digest = hashlib.md5(message.body.encode(), usedforsecurity=False).hexdigest()
    return {"MessageId": str(message.number), "MD5OfMessageBody": digest}


def _number(request: Mapping[str, Any]) -> int:
    return int(request["ReceiptHandle"].partition("-")[0])
