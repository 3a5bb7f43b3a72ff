"""What AWS, a provider or a deployment can do to the service, one word for each."""

from enum import Enum


class Fault(Enum):
    """Value: what happens. `Conditions` counts how often each did."""

    # Queues
    DUPLICATE = "a message is delivered to two at once"
    UNDELETED = "a message that was done is delivered again"
    UNORDERED = "messages are delivered late and out of order"
    POISON = "a message comes that nobody can read"
    # Streams
    REPEATED = "a batch of stream records is delivered again"
    # Tables, queues and keys, call by call
    THROTTLED = "a call is throttled"
    SERVER_ERROR = "a call fails with 500"
    UNANSWERED = "a write takes effect, but its answer is lost"
    ECHOED = "a write whose answer was lost is sent again by the SDK"
    UNPROCESSED = "a part of a batch is left unprocessed"
    STALE = "an eventually consistent read tells what was before"
    SLOW = "a call takes many seconds"
    # Processes
    CRASH_BEFORE = "a process dies before a call"
    CRASH_AFTER = "a process dies after a call took effect"
    COLD = "a function starts anew, with nothing kept"
    STALLED = "a process stands still before a write, and goes on after others have written"
    SKEWED = "clocks differ by up to half a minute"
    # Dependencies, for hours
    KEYS_AWAY = "KMS does not answer"
    SECRETS_AWAY = "Secrets Manager does not answer"
    PROVIDER_ERROR = "a provider answers 500"
    PROVIDER_LIMIT = "a provider answers 429, for minutes or hours"
    PROVIDER_HANGS = "a provider does not answer in time"
    PROVIDER_GARBAGE = "a provider answers half a page"
    BUS_AWAY = "EventBridge does not answer"
    # The schedule
    SILENT = "the schedule does not fire for hours"
    TICK_TWICE = "the schedule fires twice"
    # Deployments
    FORMER = "the former release writes its formats beside the present one"

    __hash__ = object.__hash__  # an enumeration's own is written in Python, and asked for by all

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
"""Those that last from a moment to another; the others strike call by call."""
