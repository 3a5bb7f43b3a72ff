"""Delivers a batch of a stream mapping, with retries, bisection and discarding as on AWS.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
Uses only the standard library, so that the rules can be tested without the emulator.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Record = dict[str, Any]
Condition = Literal["RetryAttemptsExhausted", "MaxRecordAgeExceeded"]


@dataclass(frozen=True)
class Policy:
    """`retries` after the first attempt, and `max_age` in seconds; -1 means no limit."""

    retries: int = -1
    max_age: float = -1
    bisect: bool = False


@dataclass(frozen=True)
class Verdict:
    """A function's result: the first `done` records succeeded; `whole` if all failed."""

    done: int
    whole: bool = False


FAILED = Verdict(done=0, whole=True)


@dataclass
class Windows:
    """The batching windows of all mappings; each begins with a mapping's first record."""

    now: Callable[[], float]
    _since: dict[str, float] = field(default_factory=dict)

    def open(self, mapping: str, *, seconds: float, full: bool) -> bool:
        """Whether the batch still waits. Call only while there are records."""
        since = self._since.setdefault(mapping, self.now())
        if not full and self.now() < since + seconds:
            return True
        del self._since[mapping]
        return False


def verdict(answer: object, sequence_numbers: Sequence[str]) -> Verdict:
    """Read a function's `batchItemFailures`: the lowest is the checkpoint.

    An empty report means success. An empty or unknown identifier fails the whole batch.
    """
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    if not failures:
        return Verdict(done=len(sequence_numbers))
    try:
        return Verdict(min(sequence_numbers.index(one["itemIdentifier"]) for one in failures))
    except (KeyError, TypeError, ValueError):
        return FAILED


def deliver(
    records: Sequence[Record],
    policy: Policy,
    *,
    invoke: Callable[[Sequence[Record]], Verdict],
    discard: Callable[[Sequence[Record], Condition], None],
    now: Callable[[], float],
    sleep: Callable[[float], None],
    wanted: Callable[[], bool],
) -> bool:
    """Deliver `records` in order until each is done or discarded; False if no longer wanted.

    A batch that failed as a whole is halved when the policy bisects. After a
    checkpoint has moved, a new batch begins with its own retries. Age is counted in seconds since
    the delivery began, because the records' timestamps use world time, which may jump.
    """
    began = now()
    batches = deque([(list(records), 0)] if records else [])
    while batches:
        if not wanted():
            return False
        batch, tries = batches.popleft()
        outcome = invoke(batch)
        left = batch[outcome.done :]
        if not left:
            continue
        if policy.bisect and outcome.whole and len(left) > 1:
            middle = len(left) // 2
            batches.extendleft(((left[middle:], 0), (left[:middle], 0)))
            continue
        tries = 1 if outcome.done else tries + 1
        if condition := _given_up(policy, tries, now() - began):
            discard(left, condition)
            continue
        sleep(min(0.1 * 2**tries, 5))
        batches.appendleft((left, tries))
    return True


def _given_up(policy: Policy, tries: int, age: float) -> Condition | None:
    if 0 <= policy.retries < tries:
        return "RetryAttemptsExhausted"
    if 0 <= policy.max_age < age:
        return "MaxRecordAgeExceeded"
    return None
