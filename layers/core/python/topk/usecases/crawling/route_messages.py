"""Route crawl messages: done, delayed, retried, or dead-lettered."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.result import CrawlResult
from topk.domain.errors import MalformedMessageError, StoreError, TopkError
from topk.usecases.crawling.outcome import Key, Outcome, Outcomes
from topk.usecases.ports import Connections, CrawlQueues
from topk.usecases.queue_outcomes import QueueOutcome, queue_outcome

LONGEST_DELAY_SECONDS = 900
"""Maximum delay of an SQS message; longer waits are chains of delays."""

PATIENCE_SECONDS = 86_400
"""How long temporary failures are retried: until the next daily crawl."""

_FIRST_RETRY_SECONDS = 30
_LONGEST_RETRY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Message:
    """A message as delivered by the queue of `provider`, for the `attempt`-th time.

    A delayed job carries its earlier attempts in `tried`.
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

    A message that is unreadable or in another provider's queue is dead-lettered with a reason. An
    early one is sent on while its connection exists, so that no message outlives its connection by
    more than a delay. Both are then deleted.
    """
    early: dict[CrawlJob, int] = {}
    for message in messages:
        try:
            job = queues.parse(message.body, provider=message.provider)
        except MalformedMessageError as error:
            queues.dead_letter(message.provider, message.body, reason=str(error))
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


def route_messages(
    deliveries: Iterable[Delivery],
    outcomes: Outcomes,
    *,
    queues: CrawlQueues,
    max_attempts: int,
    now: int,
) -> None:
    """Send delayed and failed jobs on, after which all messages are deleted.

    A crawl that only has to wait keeps its number of attempts. One that failed `max_attempts` times
    is dead-lettered with its reason; after a provider or store failure, only once it is a day old.
    Waiting jobs are delayed messages: hidden ones would be in flight, of which a queue has a limit.
    """
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
        elif _is_retried(delivery, outcome.failure, max_attempts, now):
            later[job.owner, job.provider] = _once_more(delivery, now)
        else:
            queues.dead_letter(
                job.provider, message.body, reason=f"{outcome.result}: {outcome.failure}"
            )
    _send(later.values(), queues)


def retry_seconds(attempt: int) -> int:
    """30 s, doubled with each attempt up to an hour."""
    return int(min(_FIRST_RETRY_SECONDS * 2 ** (attempt - 1), _LONGEST_RETRY_SECONDS))


def _at_its_place(delivery: Delivery, place: int, now: int) -> tuple[CrawlJob, int]:
    tried = delivery.attempt - 1
    return replace(delivery.job, not_before=place, booked=True, tried=tried), place - now


def _later(delivery: Delivery, outcome: Outcome, now: int) -> CrawlJob:
    """The job to send on. A crawled job starts over; a waiting one stays the same."""
    wait = outcome.again_in or 0
    crawled = outcome.result is CrawlResult.CRAWLED
    return replace(
        delivery.job,
        reason="resume" if crawled else delivery.job.reason,
        not_before=now + wait if wait > LONGEST_DELAY_SECONDS else 0,
        booked=False,
        tried=0 if crawled else delivery.attempt - 1,
    )


def _is_retried(delivery: Delivery, failure: TopkError, max_attempts: int, now: int) -> bool:
    outcome = queue_outcome(failure)
    if outcome is QueueOutcome.RETRY and now - delivery.job.at < PATIENCE_SECONDS:
        return True
    return outcome is not QueueOutcome.DEAD_LETTER and delivery.attempt < max_attempts


def _once_more(delivery: Delivery, now: int) -> tuple[CrawlJob, int]:
    """The job to send again, with the attempts so far."""
    wait = retry_seconds(delivery.attempt)
    not_before = now + wait if wait > LONGEST_DELAY_SECONDS else 0
    job = replace(delivery.job, not_before=not_before, booked=False, tried=delivery.attempt)
    return job, wait


def _send(later: Iterable[tuple[CrawlJob, int]], queues: CrawlQueues) -> None:
    """Group jobs with the same delay; single messages would cost ten times as much."""
    by_delay: dict[int, list[CrawlJob]] = defaultdict(list)
    for job, delay in later:
        by_delay[min(delay, LONGEST_DELAY_SECONDS)].append(job)
    for delay, jobs in by_delay.items():
        queues.send(jobs, delay=delay)
