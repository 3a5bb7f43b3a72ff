"""Message queues in memory, on virtual time: the few calls of SQS that the service makes.

A message that was received stays hidden until its delivery is settled; what is not settled as done
is delivered again, counted. Source: docs.aws.amazon.com/AWSSimpleQueueService.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.inprocess.virtual_time import Agenda

LATENCY_SECONDS = 1
"""From a message's becoming visible to its delivery."""


@dataclass
class Parcel:
    """A message. `attempt` counts its deliveries."""

    queue: str
    receipt: str
    body: str
    attempt: int = 0
    hidden_for: int = 0
    """Seconds until the next delivery, where this one is not done."""


Deliver = Callable[[str, Sequence[Parcel]], list[str]]
"""Takes a queue's name and a batch; gives the receipts of those to be delivered again."""


@dataclass
class MessageQueues:
    """Stands for an SQS client whose queue URLs are plain names."""

    agenda: Agenda
    deliver: Deliver
    visibility_seconds: int = 120
    batch: int = 50
    dead: list[tuple[str, str]] = field(default_factory=list)
    """Bodies that were buried, each with its reason."""
    _waiting: dict[tuple[str, int], list[Parcel]] = field(default_factory=dict, init=False)
    _out: dict[str, Parcel] = field(default_factory=dict, init=False)
    _sent: int = field(default=0, init=False)

    def send_message_batch(self, **call: Any) -> dict[str, Any]:
        for entry in call["Entries"]:
            self._sent += 1
            parcel = Parcel(call["QueueUrl"], f"receipt-{self._sent}", entry["MessageBody"])
            self._put(parcel, entry.get("DelaySeconds", 0))
        return {}

    def send_message(self, **call: Any) -> None:
        """Only dead letters are sent one by one."""
        self.dead.append((call["MessageBody"], call["MessageAttributes"]["reason"]["StringValue"]))

    def change_message_visibility(self, **call: Any) -> None:
        self._out[call["ReceiptHandle"]].hidden_for = call["VisibilityTimeout"]

    def _put(self, parcel: Parcel, delay: int) -> None:
        """Messages that become visible at one moment are delivered together."""
        due = (parcel.queue, self.agenda.now + delay + LATENCY_SECONDS)
        if due not in self._waiting:
            self._waiting[due] = []
            self.agenda.put(due[1], lambda: self._receive(due))
        self._waiting[due].append(parcel)

    def _receive(self, due: tuple[str, int]) -> None:
        parcels = self._waiting.pop(due)
        for start in range(0, len(parcels), self.batch):
            self._hand_over(due[0], parcels[start : start + self.batch])

    def _hand_over(self, queue: str, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            parcel.attempt += 1
            parcel.hidden_for = self.visibility_seconds
            self._out[parcel.receipt] = parcel
        again = self.deliver(queue, parcels)
        for parcel in parcels:
            del self._out[parcel.receipt]
            if parcel.receipt in again:
                self._put(parcel, parcel.hidden_for)
