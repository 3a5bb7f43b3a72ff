"""What becomes of the messages that ask for crawls: done, again later, retried, or buried."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from topk.domain.crawl_job import CrawlJob
from topk.domain.errors import MalformedMessageError
from topk.usecases.crawl import Key, Outcome, Outcomes
from topk.usecases.ports import CrawlQueues

LONGEST_DELAY_SECONDS = 900
"""What a queue can hold a message back for; a longer wait is passed on from delay to delay."""

_FIRST_RETRY_SECONDS = 30
_LONGEST_RETRY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the queue of `provider` delivered it, for the `attempt`-th time."""

    message_id: str
    receipt: str
    body: str
    attempt: int
    provider: str


@dataclass(frozen=True, slots=True)
class Delivery:
    message: Message
    job: CrawlJob


def receive_crawls(
    messages: Iterable[Message], *, queues: CrawlQueues, now: int
) -> Iterator[Delivery]:
    """The jobs that can be done at `now`.

    A message that cannot be read, or that came through another provider's queue, is buried with the
    reason; one that is early is sent on. Both are then done with.
    """
    for message in messages:
        try:
            job = queues.parse(message.body, provider=message.provider)
        except MalformedMessageError as error:
            queues.bury(message.provider, message.body, reason=str(error))
            continue
        if job.not_before > now:
            queues.send([job], delay=job.not_before - now)
        else:
            yield Delivery(message, job)


def settle_crawls(
    deliveries: Iterable[Delivery],
    outcomes: Outcomes,
    *,
    queues: CrawlQueues,
    max_attempts: int,
    now: int,
) -> list[str]:
    """Sends on what has to be done again; returns the ids of the messages to be delivered again.

    A crawl that has to wait by no fault of its own is queued anew, so that waiting burns no
    attempt. One that failed `max_attempts` times goes to the dead letters with its reason.
    """
    retried: list[str] = []
    later: dict[Key, tuple[CrawlJob, int]] = {}
    for delivery in deliveries:
        message, job = delivery.message, delivery.job
        outcome = outcomes[job.owner, job.provider]
        if outcome.again_in is not None:
            later[job.owner, job.provider] = _later(job, outcome, now), outcome.again_in
        elif outcome.failure is None:
            continue
        elif message.attempt >= max_attempts:
            queues.bury(job.provider, message.body, reason=str(outcome.failure))
        else:
            delay = retry_seconds(message.attempt)
            queues.postpone(job.provider, message.receipt, seconds=delay)
            retried.append(message.message_id)
    for job, delay in later.values():
        queues.send([job], delay=delay)
    return retried


def retry_seconds(attempt: int) -> int:
    """30 s, doubled with each attempt, an hour at most."""
    return int(min(_FIRST_RETRY_SECONDS * 2 ** (attempt - 1), _LONGEST_RETRY_SECONDS))


def _later(job: CrawlJob, outcome: Outcome, now: int) -> CrawlJob:
    wait = outcome.again_in or 0
    return replace(
        job,
        reason="resume" if outcome.reason == "crawled" else outcome.reason,
        not_before=now + wait if wait > LONGEST_DELAY_SECONDS else 0,
    )
