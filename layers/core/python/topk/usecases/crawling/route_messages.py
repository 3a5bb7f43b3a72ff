"""What becomes of the messages that ask for crawls: done, again later, retried, or buried."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from topk.domain.crawl.job import CrawlJob
from topk.domain.errors import (
    BadPayloadError,
    MalformedMessageError,
    StoreError,
    TopkError,
    TransientError,
)
from topk.usecases.crawling.crawl import Key, Outcome, Outcomes
from topk.usecases.ports import Connections, CrawlQueues

LONGEST_DELAY_SECONDS = 900
"""What a queue can hold a message back for; a longer wait is passed on from delay to delay."""

PATIENCE_SECONDS = 86_400
"""How long a crawl is kept whose failure may pass: until the next daily one asks for the same."""

_FIRST_RETRY_SECONDS = 30
_LONGEST_RETRY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the queue of `provider` delivered it, for the `attempt`-th time.

    A job that was queued anew to wait brings the attempts it had before in its own `tried`.
    """

    message_id: str
    receipt: str
    body: str
    attempt: int
    provider: str


@dataclass(frozen=True, slots=True)
class Delivery:
    message: Message
    job: CrawlJob

    @property
    def attempt(self) -> int:
        return self.job.tried + self.message.attempt


def receive_crawls(
    messages: Iterable[Message], *, queues: CrawlQueues, connections: Connections, now: int
) -> Iterator[Delivery]:
    """The jobs that can be done at `now`.

    A message that cannot be read, or that came through another provider's queue, is buried with the
    reason; one that is early is sent on as long as its connection is there, so that no message
    outlives what it is about by more than a delay. Both are then done with.
    """
    early: dict[CrawlJob, int] = {}
    for message in messages:
        try:
            job = queues.parse(message.body, provider=message.provider)
        except MalformedMessageError as error:
            queues.bury(message.provider, message.body, reason=str(error))
            continue
        if job.not_before > now:
            early[job] = job.not_before - now  # once, however many copies of it there are
        else:
            yield Delivery(message, job)
    _send(_still_connected(early, connections).items(), queues)


def _still_connected(
    early: Mapping[CrawlJob, int], connections: Connections
) -> Mapping[CrawlJob, int]:
    keys = {(job.owner, job.provider) for job in early}
    try:
        found = {(one.owner, one.provider) for one in connections.get_many(sorted(keys))}
    except StoreError:
        return early
    return {job: wait for job, wait in early.items() if (job.owner, job.provider) in found}


def settle_crawls(
    deliveries: Iterable[Delivery],
    outcomes: Outcomes,
    *,
    queues: CrawlQueues,
    max_attempts: int,
    now: int,
) -> list[str]:
    """Sends on what has to be done again; returns the ids of the messages to be delivered again.

    A crawl that has to wait by no fault of its own is queued anew, with the attempts it had, so
    that waiting burns none. One that failed `max_attempts` times goes to the dead letters with its
    reason; but where a provider or a storage failed, which passes, only once it is a day old.
    """
    retried: list[str] = []
    later: dict[Key, tuple[CrawlJob, int]] = {}
    for delivery in deliveries:
        message, job = delivery.message, delivery.job
        outcome = outcomes[job.owner, job.provider]
        if outcome.place is not None:
            later[job.owner, job.provider] = _at_its_place(delivery, outcome.place, now)
        elif outcome.again_in is not None:
            later[job.owner, job.provider] = _later(delivery, outcome, now), outcome.again_in
        elif outcome.failure is None:
            continue
        elif delivery.attempt < max_attempts:
            delay = retry_seconds(delivery.attempt)
            queues.postpone(job.provider, message.receipt, seconds=delay)
            retried.append(message.message_id)
        elif _may_pass(outcome.failure) and now - job.at < PATIENCE_SECONDS:
            later[job.owner, job.provider] = _once_more(delivery, now)
        else:
            queues.bury(job.provider, message.body, reason=str(outcome.failure))
    _send(later.values(), queues)
    return retried


def retry_seconds(attempt: int) -> int:
    """30 s, doubled with each attempt, an hour at most."""
    return int(min(_FIRST_RETRY_SECONDS * 2 ** (attempt - 1), _LONGEST_RETRY_SECONDS))


def _at_its_place(delivery: Delivery, place: int, now: int) -> tuple[CrawlJob, int]:
    tried = delivery.attempt - 1
    return replace(delivery.job, not_before=place, booked=True, tried=tried), place - now


def _later(delivery: Delivery, outcome: Outcome, now: int) -> CrawlJob:
    """The job as it is queued anew. One that was crawled begins afresh; one that waits stays."""
    wait = outcome.again_in or 0
    crawled = outcome.reason == "crawled"
    return replace(
        delivery.job,
        reason="resume" if crawled else delivery.job.reason,
        not_before=now + wait if wait > LONGEST_DELAY_SECONDS else 0,
        booked=False,
        tried=0 if crawled else delivery.attempt - 1,
    )


def _may_pass(failure: TopkError) -> bool:
    """Whether it is an outage, however long, rather than something in the message."""
    return isinstance(failure, TransientError | BadPayloadError | StoreError)


def _once_more(delivery: Delivery, now: int) -> tuple[CrawlJob, int]:
    """The job queued anew, since the queue itself gives up what it delivered too often."""
    wait = retry_seconds(delivery.attempt)
    not_before = now + wait if wait > LONGEST_DELAY_SECONDS else 0
    job = replace(delivery.job, not_before=not_before, booked=False, tried=delivery.attempt)
    return job, wait


def _send(later: Iterable[tuple[CrawlJob, int]], queues: CrawlQueues) -> None:
    """Those that wait alike go together: a message of its own for each would cost ten times."""
    by_delay: dict[int, list[CrawlJob]] = defaultdict(list)
    for job, delay in later:
        by_delay[min(delay, LONGEST_DELAY_SECONDS)].append(job)
    for delay, jobs in by_delay.items():
        queues.send(jobs, delay=delay)
