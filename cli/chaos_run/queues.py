"""Message queues with SQS's semantics: at least once, in no order, hidden while they are worked on.

Source: docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from cli.chaos_run.wire import Wire, failure


@dataclass(slots=True)
class Message:
    """`visible_at` is when it may be received next (epoch seconds)."""

    number: int
    body: str
    visible_at: float
    reason: str = ""
    """Why it lies among the dead letters, as its attribute says."""
    received: int = 0
    first_received_at: float = 0.0


@dataclass
class Queue:
    """`dead` takes what was received more than `receives` times. `arrived` is told of each."""

    name: str
    dead: "Queue | None" = None
    receives: int = 0
    arrived: Callable[[Message], None] | None = None
    messages: dict[int, Message] = field(default_factory=dict)

    def put(self, message: Message) -> None:
        self.messages[message.number] = message
        if self.arrived:
            self.arrived(message)

    def receive(self, now: float, most: int, hidden_for: float) -> list[Message]:
        """Up to `most` messages, hidden from the next receiver for a while, and counted."""
        found: list[Message] = []
        for message in [one for one in self.messages.values() if one.visible_at <= now]:
            if self.dead and message.received >= self.receives:
                del self.messages[message.number]
                self.dead.put(message)
            elif len(found) < most:
                message.received += 1
                message.first_received_at = message.first_received_at or now
                message.visible_at = now + hidden_for
                found.append(message)
        return found


class Sqs:
    """Stands for botocore's client of SQS; the URLs are the queues' names."""

    def __init__(self, wire: Wire, queues: Mapping[str, Queue]) -> None:
        self._wire = wire
        self._queues = queues
        self._numbers = count(1)

    def send_message_batch(self, **call: Any) -> dict[str, Any]:
        queue, entries = self._queues[call["QueueUrl"]], call["Entries"]

        def effect() -> dict[str, Any]:
            for entry in entries:
                queue.put(self._message(entry["MessageBody"], entry.get("DelaySeconds", 0)))
            return {"Successful": [{"Id": entry["Id"]} for entry in entries], "Failed": []}

        what = f"SendMessageBatch {queue.name} x{len(entries)}"
        return self._wire.call("sqs", what, effect, writes=True)

    def send_message(self, **call: Any) -> dict[str, Any]:
        queue = self._queues[call["QueueUrl"]]
        attributes = call.get("MessageAttributes", {})
        reason = attributes.get("reason", {}).get("StringValue", "")

        def effect() -> dict[str, Any]:
            queue.put(self._message(call["MessageBody"], call.get("DelaySeconds", 0), reason))
            return {}

        return self._wire.call("sqs", f"SendMessage {queue.name} {reason}", effect, writes=True)

    def change_message_visibility(self, **call: Any) -> dict[str, Any]:
        queue = self._queues[call["QueueUrl"]]
        number = int(call["ReceiptHandle"].partition("-")[0])

        def effect() -> dict[str, Any]:
            message = queue.messages.get(number)
            if message is None:
                raise failure("ChangeMessageVisibility", "ReceiptHandleIsInvalid")
            message.visible_at = self._wire.course.now + call["VisibilityTimeout"]
            if queue.arrived:
                queue.arrived(message)
            return {}

        what = f"ChangeMessageVisibility {queue.name} {number}"
        return self._wire.call("sqs", what, effect, writes=True)

    def receive_message(self, **call: Any) -> dict[str, Any]:
        queue = self._queues[call["QueueUrl"]]

        def effect() -> dict[str, Any]:
            now, most = self._wire.course.now, call["MaxNumberOfMessages"]
            found = queue.receive(now, most, call["VisibilityTimeout"])
            return {
                "Messages": [
                    {"Body": one.body, "ReceiptHandle": f"{one.number}-{one.received}"}
                    for one in found
                ]
            }

        return self._wire.call("sqs", f"ReceiveMessage {queue.name}", effect, writes=False)

    def delete_message(self, **call: Any) -> dict[str, Any]:
        queue = self._queues[call["QueueUrl"]]
        number = int(call["ReceiptHandle"].partition("-")[0])

        def effect() -> dict[str, Any]:
            queue.messages.pop(number, None)
            return {}

        what = f"DeleteMessage {queue.name} {number}"
        return self._wire.call("sqs", what, effect, writes=True)

    def drop(self, queue: str, body: str) -> None:
        """Puts a message there that nobody of ours has sent."""
        self._queues[queue].put(self._message(body, 0))

    def _message(self, body: str, delay: float, reason: str = "") -> Message:
        return Message(next(self._numbers), body, self._wire.course.now + delay, reason)


def bodies(queues: Mapping[str, Queue]) -> Iterator[tuple[str, Message]]:
    """Every message that lies anywhere, with its queue's name."""
    for name, queue in queues.items():
        for message in queue.messages.values():
            yield name, message
