"""The crawl queues, one for each provider, and their dead-letter queues.

A message is the JSON object {"owner", "provider", "at", "reason", "correlation", "not_before",
"booked", "tried", "slot"}; the last four are optional.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from topk.domain.crawl.job import CrawlJob
from topk.domain.errors import MalformedMessageError, StoreError
from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.fast_client import begin_call

MAX_DELAY_SECONDS = 900
AT_ONCE = 32
"""Batches in flight. At 12 ms each, one core cannot prepare more in that time."""
_BATCH = 10
_TRIES = 3


class _Message(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    owner: str
    provider: str
    at: int
    reason: str
    correlation: str
    not_before: int = 0
    booked: bool = False
    tried: int = 0
    slot: int = 0


_decoder = msgspec.json.Decoder(_Message)
_encoder = msgspec.json.Encoder()


class CrawlQueues:
    """`sqs` is a client; the URLs are by provider name. Raises StoreError where a queue fails."""

    def __init__(
        self, sqs: Any, *, queues: Mapping[str, str], dead_letters: Mapping[str, str]
    ) -> None:
        self._sqs = sqs
        self._queues = queues
        self._dead_letters = dead_letters

    def parse(self, body: str, *, provider: str) -> CrawlJob:
        """The job in a message from the queue of `provider`.

        Raises MalformedMessageError where none can be read or it is meant for another provider.
        """
        try:
            message = _decoder.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise MalformedMessageError(f"crawl message: {error}") from None
        owner = Owner.parse(message.owner)
        if not owner.tenant or not owner.user:
            raise MalformedMessageError("crawl message: `owner` is not tenant#user")
        if message.provider != provider:
            raise MalformedMessageError("crawl message: `provider` is not this queue's")
        return CrawlJob(
            owner,
            message.provider,
            message.at,
            message.reason,
            message.correlation,
            message.not_before,
            message.booked,
            message.tried,
            message.slot,
        )

    def send(self, jobs: Iterable[CrawlJob], *, delay: int = 0) -> None:
        """Queue `jobs`, each for its provider, with a delay in seconds (at most 900).

        Sends up to AT_ONCE batches at once. Jobs that a queue refuses one by one are sent again.
        """
        remaining = list(jobs)
        for _ in range(_TRIES):
            remaining = self._send(remaining, delay)
            if not remaining:
                return
        raise StoreError(f"queue crawls: {len(remaining)} refused")

    def _send(self, jobs: Iterable[CrawlJob], delay: int) -> list[CrawlJob]:
        """The jobs that were refused."""
        begun: deque[Callable[[], list[CrawlJob]]] = deque()
        refused: list[CrawlJob] = []
        for provider, batch in _batches(jobs):
            if len(begun) == AT_ONCE:
                refused += begun.popleft()()
            begun.append(self._begin_batch(provider, batch, delay))
        for finish in begun:
            refused += finish()
        return refused

    def _begin_batch(
        self, provider: str, jobs: Sequence[CrawlJob], delay: int
    ) -> Callable[[], list[CrawlJob]]:
        """Start sending; the result waits and returns the refused jobs."""
        entries = [
            {
                "Id": str(at),
                "MessageBody": _body(job),
                "DelaySeconds": min(max(delay, 0), MAX_DELAY_SECONDS),
                # Makes a standard queue fair: a tenant's backlog does not hold up the others.
                # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
                "MessageGroupId": job.owner.tenant,
            }
            for at, job in enumerate(jobs)
        ]
        request = {"QueueUrl": self._queues[provider], "Entries": entries}
        begun = begin_call(self._sqs, "SendMessageBatch", request)

        def finish() -> list[CrawlJob]:
            with translated("queue crawls"):
                return [jobs[int(one["Id"])] for one in begun().get("Failed", ())]

        return finish

    def dead_letter(self, provider: str, body: str, *, reason: str) -> None:
        """Move a message to the dead-letter queue, with the reason."""
        with translated("dead-letter message"):
            self._sqs.send_message(
                QueueUrl=self._dead_letters[provider],
                MessageBody=body,
                MessageAttributes={"reason": {"DataType": "String", "StringValue": reason}},
            )


def _batches(jobs: Iterable[CrawlJob]) -> Iterator[tuple[str, Sequence[CrawlJob]]]:
    by_provider: dict[str, list[CrawlJob]] = defaultdict(list)
    for job in jobs:
        by_provider[job.provider].append(job)
    for provider, of_provider in by_provider.items():
        for start in range(0, len(of_provider), _BATCH):
            yield provider, of_provider[start : start + _BATCH]


def _body(job: CrawlJob) -> str:
    message = _Message(
        job.owner.key,
        job.provider,
        job.at,
        job.reason,
        job.correlation,
        job.not_before,
        job.booked,
        job.tried,
        job.slot,
    )
    return _encoder.encode(message).decode()
