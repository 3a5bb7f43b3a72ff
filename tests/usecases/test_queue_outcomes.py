"""Every error decides what happens to its message."""

import pytest

from tests.error_tree import every_error, example
from topk.domain.errors import (
    ConflictError,
    MalformedMessageError,
    NotPermittedError,
    RateLimitedError,
    StoreError,
    TopkError,
    TransientError,
    UnexpectedError,
    UnknownProviderError,
)
from topk.usecases.queue_outcomes import QUEUE_OUTCOMES, QueueOutcome, queue_outcome, wait_seconds


@pytest.mark.parametrize("kind", every_error())
def test_each_error_of_the_tree_has_an_outcome(kind: type[TopkError]) -> None:
    rows = [parent for parent in kind.__mro__ if parent in QUEUE_OUTCOMES]
    assert rows, f"{kind.__name__} has no row, nor has its group"
    assert queue_outcome(example(kind)) is QUEUE_OUTCOMES[rows[0]]


def test_no_row_covers_the_whole_tree() -> None:
    assert TopkError not in QUEUE_OUTCOMES


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RateLimitedError(60), QueueOutcome.WAIT),
        (ConflictError("version"), QueueOutcome.WAIT),
        (StoreError("throttled"), QueueOutcome.RETRY),
        (TransientError("502"), QueueOutcome.RETRY),
        (UnexpectedError("KeyError at crawl.py:1"), QueueOutcome.RETRY_LIMITED),
        (UnknownProviderError("is unknown"), QueueOutcome.RETRY_LIMITED),
        (MalformedMessageError("no owner"), QueueOutcome.DEAD_LETTER),
        (NotPermittedError("403"), QueueOutcome.DROP),
    ],
)
def test_an_error_decides(error: TopkError, expected: QueueOutcome) -> None:
    assert queue_outcome(error) is expected


def test_a_limit_is_waited_for_as_long_as_the_provider_says() -> None:
    assert wait_seconds(RateLimitedError(60)) == 60
    assert wait_seconds(ConflictError("version")) == 0
