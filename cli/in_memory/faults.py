"""The faults of AWS, providers and deployments, each with a one-word name."""

from enum import Enum


class Fault(Enum):
    """Value: a description of the fault. `FaultInjector` counts how often each one hits."""

    # Queues
    DUPLICATE = "a message is delivered to two consumers at once"
    UNDELETED = "a processed message is delivered again"
    UNORDERED = "messages are delivered late and out of order"
    POISON = "a message that cannot be parsed arrives"
    # Streams
    REPEATED = "a batch of stream records is delivered again"
    # Tables, queues and keys, call by call
    THROTTLED = "a call is throttled"
    SERVER_ERROR = "a call fails with 500"
    UNANSWERED = "a write takes effect, but its answer is lost"
    ECHOED = "a write whose answer was lost is sent again by the SDK"
    UNPROCESSED = "part of a batch is left unprocessed"
    STALE = "an eventually consistent read returns an older state"
    SLOW = "a call takes many seconds"
    # Processes
    CRASH_BEFORE = "a process dies before a call"
    CRASH_AFTER = "a process dies after a call took effect"
    COLD = "a function starts cold, with empty caches"
    STALLED = "a process stalls before a write and resumes after others have written"
    SKEWED = "clocks differ by up to half a minute"
    # Dependencies, for hours
    KEYS_AWAY = "KMS does not answer"
    SECRETS_AWAY = "Secrets Manager does not answer"
    PROVIDER_ERROR = "a provider answers 500"
    PROVIDER_LIMIT = "a provider answers 429, for minutes or hours"
    PROVIDER_HANGS = "a provider does not answer in time"
    PROVIDER_GARBAGE = "a provider answers with a truncated page"
    BUS_AWAY = "EventBridge does not answer"
    # The schedule
    SILENT = "the schedule does not fire for hours"
    TICK_TWICE = "the schedule fires twice"
    # Deployments
    FORMER = "the previous release still writes its formats next to the current one"

    __hash__ = object.__hash__  # Enum.__hash__ is slow Python code on a hot path

    @property
    def word(self) -> str:
        return self.name.lower()


SPELLS = (
    Fault.KEYS_AWAY,
    Fault.SECRETS_AWAY,
    Fault.PROVIDER_ERROR,
    Fault.PROVIDER_LIMIT,
    Fault.PROVIDER_HANGS,
    Fault.PROVIDER_GARBAGE,
    Fault.BUS_AWAY,
    Fault.SILENT,
    Fault.FORMER,
)
"""The faults that have a duration; the others hit single calls."""
