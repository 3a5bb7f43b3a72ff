"""What brings queue messages and stream records to functions, and the schedule, as Lambda has them.

Sources: docs.aws.amazon.com/lambda/latest/dg/ services-sqs-errorhandling.html and
services-dynamodb-eventsourcemapping.html.
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
"""As infra_cdk/crawling.py has it: six times the function's time."""
STREAM_RETRIES = 10
_BATCH, _STREAM_BATCH, _AT_ONCE = 10, 100, 3
DONE: Mapping[str, Sequence[Mapping[str, str]]] = {"batchItemFailures": ()}
"""What a function says of a batch that it has done, where it says anything."""
_LATE_SECONDS = 300.0
_TWICE_WITHIN = 20.0
_LONGEST_BACKOFF = 60


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


@dataclass
class Shard:
    """Feeds the records of a stream's shard to the aggregate function, in their order."""

    course: Course
    weather: Weather
    lambdas: Lambdas
    given_up: list[events.Keys] = field(default_factory=list)
    _records: list[tuple[int, events.Keys]] = field(default_factory=list)
    _at: int = 0
    _most: int = _STREAM_BATCH
    _attempts: int = 0
    _busy: bool = False

    @property
    def behind(self) -> int:
        """How many records nobody has done yet."""
        return len(self._records) - self._at

    def put(self, keys: events.Keys) -> None:
        self._records.append((len(self._records) + 1, keys))
        self.course.put(self.course.now + self.weather.dice.between(0.2, 5), self._poll)

    def _poll(self) -> None:
        if self._busy or not self.behind:
            return
        self._busy = True
        most = min(self._most, self.weather.dice.whole(1, _STREAM_BATCH))
        batch = self._records[self._at : self._at + most]
        self.course.spawn(lambda: self._work(batch))

    def _work(self, batch: Sequence[tuple[int, events.Keys]]) -> None:
        wait = 0.0
        try:
            answer = self.lambdas.invoke("aggregate", events.stream_batch(batch))
            failed = [int(one["itemIdentifier"]) for one in answer["batchItemFailures"]]
            wait = self._settle(batch, min(failed, default=None))
        except InvocationError:
            self._most = max(1, len(batch) // 2)
            wait = self._retry(batch)
        finally:
            self._busy = False
        self.course.put(self.course.now + wait, self._poll)

    def _settle(self, batch: Sequence[tuple[int, events.Keys]], failed: int | None) -> float:
        """Moves on to the first record that failed. Returns the seconds to wait."""
        if failed is None:
            if not self.weather.strikes(Fault.REPEATED):
                self._at, self._attempts, self._most = batch[-1][0], 0, _STREAM_BATCH
            return 0.0
        if failed - 1 > self._at:
            self._at, self._attempts = failed - 1, 0
            return 1.0
        return self._retry(batch)

    def _retry(self, batch: Sequence[tuple[int, events.Keys]]) -> float:
        self._attempts += 1
        if self._attempts > STREAM_RETRIES:
            self.given_up.append(batch[0][1])
            self._at, self._attempts = batch[0][0], 0
        return float(min(2**self._attempts, _LONGEST_BACKOFF))


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
