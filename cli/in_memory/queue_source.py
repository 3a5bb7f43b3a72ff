"""Delivers the messages of a queue to a function, as Lambda does.

Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cli.in_memory import events
from cli.in_memory.conditions import Conditions
from cli.in_memory.faults import Fault
from cli.in_memory.lambdas import InvocationError, Lambdas
from simulator.aws.sqs import Message, Queue
from simulator.scheduler import Scheduler

VISIBILITY_SECONDS = 300
"""Same value as infra_cdk/pipelines/crawling.py."""
BATCH, AT_ONCE = 10, 3
"""Largest batch, and most batches in flight."""
DONE: Mapping[str, Sequence[Mapping[str, str]]] = {"batchItemFailures": ()}
"""The default result, for functions that return None."""
_LATE_SECONDS = 300.0
_TWICE_WITHIN = 20.0


@dataclass
class QueueSource:
    """Delivers `queue` to `function`, up to three batches at a time.

    `hidden_for` is the visibility timeout (seconds).
    """

    queue: Queue
    scheduler: Scheduler
    conditions: Conditions
    lambdas: Lambdas
    function: str = "crawl"
    batch: int = BATCH
    hidden_for: int = VISIBILITY_SECONDS
    _running: int = 0
    _processed: set[int] = field(default_factory=set)

    @property
    def hidden(self) -> int:
        """Messages in flight that no invocation is processing: hidden until they are received
        again.
        """
        now = self.scheduler.now
        return sum(
            message.received > 0 and message.visible_at > now and number not in self._processed
            for number, message in self.queue.messages.items()
        )

    def __post_init__(self) -> None:
        self.queue.arrived = self._arrived

    def _arrived(self, message: Message) -> None:
        if self.conditions.strikes(Fault.UNORDERED):
            message.visible_at += self.conditions.dice.between(0, _LATE_SECONDS)
        self._poll_at(message.visible_at)

    def _poll_at(self, moment: float) -> None:
        """Polls one second later, so that a batch can fill."""
        self.scheduler.put(moment + 1, self._poll)

    def _poll(self) -> None:
        if self._running >= AT_ONCE:
            return
        now, conditions = self.scheduler.now, self.conditions
        most = conditions.dice.whole(1, self.batch)
        batch = self.queue.receive(now, most, self.hidden_for)
        if not batch:
            return
        if conditions.strikes(Fault.UNORDERED):
            batch = conditions.dice.shuffled(batch)
        for message in batch:
            if conditions.strikes(Fault.DUPLICATE):
                message.visible_at = now + conditions.dice.between(0, _TWICE_WITHIN)
            self._poll_at(message.visible_at)
        self._running += 1
        event = events.queue_batch(self.queue.name, batch, conditions.skew())
        self.scheduler.spawn(lambda: self._process(batch, event))
        self._poll_at(now)

    def _process(self, batch: Sequence[Message], event: events.Event) -> None:
        failed = {message.number for message in batch}
        self._processed |= failed
        try:
            answer = self.lambdas.invoke(self.function, event) or DONE
            failed = {int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]}
        except InvocationError:
            pass
        finally:
            self._processed -= {message.number for message in batch}
            self._running -= 1
            self._poll_at(self.scheduler.now)
        for message in batch:
            if message.number not in failed and not self.conditions.strikes(Fault.UNDELETED):
                self.queue.delete(message.number)
