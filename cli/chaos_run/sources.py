"""What brings queue messages to functions, and the schedule, as Lambda has them.

Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.chaos_run import events
from cli.chaos_run.course import Course
from cli.chaos_run.faults import Fault
from cli.chaos_run.lambdas import InvocationError, Lambdas
from cli.chaos_run.queues import Message, Queue
from cli.chaos_run.weather import Weather

VISIBILITY_SECONDS = 720
"""As infra_cdk/pipelines/crawling.py has it: six times the function's time."""
_BATCH, _AT_ONCE = 10, 3
DONE: Mapping[str, Sequence[Mapping[str, str]]] = {"batchItemFailures": ()}
"""What a function says of a batch that it has done, where it says anything."""
_LATE_SECONDS = 300.0
_TWICE_WITHIN = 20.0


@dataclass
class QueueSource:
    """Feeds `queue` to `function`, several batches of `most` at once.

    `hidden_for` are the seconds for which a message is another's.
    """

    queue: Queue
    course: Course
    weather: Weather
    lambdas: Lambdas
    function: str = "crawl"
    most: int = _BATCH
    hidden_for: int = VISIBILITY_SECONDS
    _running: int = 0

    def __post_init__(self) -> None:
        self.queue.arrived = self._arrived

    def _arrived(self, message: Message) -> None:
        late = 0.0
        if self.weather.strikes(Fault.UNORDERED):
            late = self.weather.dice.between(0, _LATE_SECONDS)
            message.visible_at += late
        self._look_at(message.visible_at)

    def _look_at(self, moment: float) -> None:
        """A batch gathers for a second."""
        self.course.put(moment + 1, self._poll)

    def _poll(self) -> None:
        if self._running >= _AT_ONCE:
            return
        now, weather = self.course.now, self.weather
        batch = self.queue.receive(now, weather.dice.whole(1, self.most), self.hidden_for)
        if not batch:
            return
        if weather.strikes(Fault.UNORDERED):
            batch = weather.dice.shuffled(batch)
        for message in batch:
            if weather.strikes(Fault.DUPLICATE):
                message.visible_at = now + weather.dice.between(0, _TWICE_WITHIN)
            self._look_at(message.visible_at)
        self._running += 1
        event = events.queue_batch(self.queue.name, batch, weather.skew())
        self.course.spawn(lambda: self._work(batch, event))
        self._look_at(now)

    def _work(self, batch: Sequence[Message], event: events.Event) -> None:
        failed = {message.number for message in batch}
        try:
            answer = self.lambdas.invoke(self.function, event) or DONE
            failed = {int(one["itemIdentifier"]) for one in answer["batchItemFailures"]}
        except InvocationError:
            pass
        finally:
            self._running -= 1
            self._look_at(self.course.now)
        for message in batch:
            if message.number not in failed and not self.weather.strikes(Fault.UNDELETED):
                self.queue.messages.pop(message.number, None)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Fires every `every` seconds, and tries each tick three times."""

    course: Course
    weather: Weather
    lambdas: Lambdas
    every: int
    given_up: list[float] = field(default_factory=list)
    """When a tick was: those that failed three times."""

    def fire(self, begin: int, end: int) -> None:
        for moment in range(begin, end, self.every):
            self.course.put(moment, lambda moment=moment: self._tick(moment))  # type: ignore[misc]

    def _tick(self, moment: int) -> None:
        if self.weather.spell(Fault.SILENT):
            return
        event = events.tick(moment)
        self.course.spawn(lambda: self._run(event))
        if self.weather.strikes(Fault.TICK_TWICE):
            again = self.course.now + self.weather.dice.between(0, 30)
            self.course.put(again, lambda: self.course.spawn(lambda: self._run(event)))

    def _run(self, event: Mapping[str, Any]) -> None:
        began = self.course.now
        for wait in (60, 120, 0):
            try:
                self.lambdas.invoke("dispatch", dict(event))
            except InvocationError:
                self.course.pause(wait)
            else:
                return
        self.given_up.append(began)
