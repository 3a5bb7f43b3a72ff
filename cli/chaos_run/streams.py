"""What brings the records of a stream to a function, as Lambda has it.

Source: docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cli.chaos_run import events
from cli.chaos_run.course import Course
from cli.chaos_run.faults import Fault
from cli.chaos_run.lambdas import InvocationError, Lambdas
from cli.chaos_run.weather import Weather

STREAM_RETRIES = 10
_STREAM_BATCH = 100
_LONGEST_BACKOFF = 60


@dataclass
class Shard:
    """Feeds the records of a stream's shard to `function`, in their order.

    They gather for so many seconds. A batch that fails comes again after `backoff` seconds at most,
    `retries` times.
    """

    course: Course
    weather: Weather
    lambdas: Lambdas
    function: str = "aggregate"
    gathers: tuple[float, float] = (0.2, 5)
    retries: int = STREAM_RETRIES
    backoff: int = _LONGEST_BACKOFF
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
        self.course.put(self.course.now + self.weather.dice.between(*self.gathers), self._poll)

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
            answer = self.lambdas.invoke(self.function, events.stream_batch(batch))
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
        if self._attempts > self.retries:
            self.given_up.append(batch[0][1])
            self._at, self._attempts = batch[0][0], 0
        return float(min(2**self._attempts, self.backoff))
