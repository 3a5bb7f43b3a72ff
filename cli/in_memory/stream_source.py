"""Delivers the records of a table's stream to a function, as Lambda does.

Source: docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cli.in_memory import events
from cli.in_memory.conditions import Conditions
from cli.in_memory.faults import Fault
from cli.in_memory.lambdas import InvocationError, Lambdas
from simulator.aws.dynamodb.changes import Change
from simulator.scheduler import Scheduler

STREAM_RETRIES = 1_000_000
"""For six hours, which is longer than any outage of a run."""
_BATCH = 100
_LONGEST_BACKOFF = 60


@dataclass
class Shard:
    """Delivers the records of a stream's shard to `function`, in order.

    `gathers` is the shortest and longest batching window (seconds). A failed batch is retried
    `retries` times, after at most `backoff` seconds each.
    """

    scheduler: Scheduler
    conditions: Conditions
    lambdas: Lambdas
    function: str = "aggregate"
    gathers: tuple[float, float] = (0.2, 5)
    retries: int = STREAM_RETRIES
    backoff: int = _LONGEST_BACKOFF
    given_up: list[events.Event] = field(default_factory=list)
    """Records that were dropped after the last retry."""
    _records: list[events.Event] = field(default_factory=list)
    _written_at: list[float] = field(default_factory=list)
    _at: int = 0
    _most: int = _BATCH
    _attempts: int = 0
    _busy: bool = False

    @property
    def behind(self) -> int:
        """Number of records that are not processed yet."""
        return len(self._records) - self._at

    @property
    def lag(self) -> float:
        """Age of the oldest record that is not processed yet (seconds)."""
        return self.scheduler.now - self._written_at[self._at] if self.behind else 0.0

    def put(self, change: Change) -> None:
        self._written_at.append(self.scheduler.now)
        self._records.append(change.record(len(self._records) + 1))
        gathers = self.conditions.dice.between(*self.gathers)
        self.scheduler.put(self.scheduler.now + gathers, self._poll)

    def _poll(self) -> None:
        if self._busy or not self.behind:
            return
        self._busy = True
        most = min(self._most, self.conditions.dice.whole(1, _BATCH))
        batch = self._records[self._at : self._at + most]
        self.scheduler.spawn(lambda: self._process(batch))

    def _process(self, batch: Sequence[events.Event]) -> None:
        wait = 0.0
        try:
            answer = self.lambdas.invoke(self.function, {"Records": list(batch)})
            failed = [int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]
            wait = self._advance(batch, min(failed, default=None))
        except InvocationError:
            self._most = max(1, len(batch) // 2)
            wait = self._retry(batch)
        finally:
            self._busy = False
        self.scheduler.put(self.scheduler.now + wait, self._poll)

    def _advance(self, batch: Sequence[events.Event], failed: int | None) -> float:
        """Continues at the first failed record. Returns the seconds to wait."""
        if failed is None:
            if not self.conditions.strikes(Fault.REPEATED):
                self._at, self._attempts, self._most = self._at + len(batch), 0, _BATCH
            return 0.0
        if failed - 1 > self._at:
            self._at, self._attempts = failed - 1, 0
            return 1.0
        return self._retry(batch)

    def _retry(self, batch: Sequence[events.Event]) -> float:
        self._attempts += 1
        if self._attempts > self.retries:
            self.given_up.append(batch[0])
            self._at, self._attempts = self._at + 1, 0
        return float(min(2**self._attempts, self.backoff))
