"""What happens to a message whose processing failed: the only place that decides it by the error.

A row applies to a class and to the classes below it.
"""

from collections.abc import Mapping
from enum import StrEnum

from topk.domain.errors import (
    AccessExpiredError,
    BadPayloadError,
    ClientError,
    ConflictError,
    InternalError,
    MalformedMessageError,
    NotPermittedError,
    NotVisibleError,
    OverBudgetError,
    RateLimitedError,
    ReauthRequiredError,
    StoreError,
    TopkError,
    TransientError,
    UnknownProviderError,
)


class QueueOutcome(StrEnum):
    WAIT = "wait"
    """Processed again after the time that the error names, or at once; uses no attempt."""
    RETRY = "retry"
    """An outage: retried with growing delays while the message is less than a day old."""
    RETRY_LIMITED = "retry_limited"
    """Possibly a defect: dead-lettered with its reason after the last attempt."""
    DEAD_LETTER = "dead_letter"
    """Dead-lettered with its reason at once, because no retry helps."""
    DROP = "drop"
    """Done: there is nothing left to do, now or later."""


QUEUE_OUTCOMES: Mapping[type[TopkError], QueueOutcome] = {
    ClientError: QueueOutcome.DEAD_LETTER,
    # While a deployment adds or removes a provider, functions and queues differ for a moment.
    UnknownProviderError: QueueOutcome.RETRY_LIMITED,
    NotVisibleError: QueueOutcome.DROP,
    ConflictError: QueueOutcome.WAIT,
    StoreError: QueueOutcome.RETRY,
    InternalError: QueueOutcome.RETRY_LIMITED,
    MalformedMessageError: QueueOutcome.DEAD_LETTER,
    OverBudgetError: QueueOutcome.DEAD_LETTER,
    AccessExpiredError: QueueOutcome.RETRY_LIMITED,
    ReauthRequiredError: QueueOutcome.DROP,
    RateLimitedError: QueueOutcome.WAIT,
    NotPermittedError: QueueOutcome.DROP,
    TransientError: QueueOutcome.RETRY,
    BadPayloadError: QueueOutcome.RETRY,
}


def queue_outcome(error: TopkError) -> QueueOutcome:
    rows = (QUEUE_OUTCOMES[kind] for kind in type(error).__mro__ if kind in QUEUE_OUTCOMES)
    return next(rows, QueueOutcome.RETRY_LIMITED)


def wait_seconds(error: TopkError) -> int:
    """How long a message whose outcome is WAIT waits (seconds)."""
    return error.retry_after if isinstance(error, RateLimitedError) else 0
