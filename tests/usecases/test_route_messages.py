"""Every message is completed, retried, or dead-lettered with its reason."""

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.fakes import ANNA, BEN, NOON, FakeConnections, FakeQueues, connection
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.result import CrawlResult, result_of
from topk.domain.errors import (
    BadPayloadError,
    OverBudgetError,
    StoreError,
    TopkError,
    TransientError,
    UnexpectedError,
)
from topk.domain.owner import Owner
from topk.usecases.crawling.outcome import Outcome
from topk.usecases.crawling.route_messages import (
    PATIENCE_SECONDS,
    Delivery,
    Message,
    receive_crawls,
    retry_seconds,
    route_messages,
)


def _body(**changes: object) -> str:
    job = {
        "owner": "harbor#anna",
        "provider": "spotify",
        "at": NOON,
        "reason": "due",
        "correlation": "c-1",
    }
    return json.dumps(job | changes)


def _message(number: int = 1, *, attempt: int = 1, **changes: object) -> Message:
    return Message(f"m-{number}", f"r-{number}", _body(**changes), attempt, "spotify")


def _delivery(number: int = 1, *, attempt: int = 1, owner: Owner = ANNA) -> Delivery:
    job = CrawlJob(owner, "spotify", NOON, "due", "c-1")
    return Delivery(_message(number, attempt=attempt), job)


def _settle(queues: FakeQueues, outcome: Outcome, *deliveries: Delivery) -> None:
    outcomes = {(one.job.owner, one.job.provider): outcome for one in deliveries}
    route_messages(deliveries, outcomes, queues=queues, max_attempts=3, now=NOON)


def _receive(messages: Iterable[Message], queues: FakeQueues, *connected: Owner) -> list[Delivery]:
    connections = FakeConnections()
    for owner in connected:
        connections.put(connection(owner))
    return list(receive_crawls(messages, queues=queues, connections=connections, now=NOON))


def test_an_unreadable_message_is_dead_lettered_and_the_others_continue() -> None:
    queues = FakeQueues()
    broken = Message("m-0", "r-0", "{not json", 1, "spotify")
    astray = _message(2, provider="youtube")
    nobody = _message(3, owner="anna")
    found = _receive([broken, astray, nobody, _message(1)], queues)
    assert [one.message.message_id for one in found] == ["m-1"]
    assert [body for _, body, _ in queues.dead_lettered] == ["{not json", astray.body, nobody.body]
    assert all(reason.startswith("crawl message:") for _, _, reason in queues.dead_lettered)


def test_an_early_job_is_sent_again_with_a_delay() -> None:
    queues = FakeQueues()
    early = _message(not_before=NOON + 5000)
    assert _receive([early], queues, ANNA) == []
    ((job, delay),) = queues.sent
    assert (job.not_before, delay) == (NOON + 5000, 900)


def test_copies_of_an_early_job_are_sent_again_once() -> None:
    queues = FakeQueues()
    copies = [_message(number, not_before=NOON + 5000) for number in (1, 2, 3)]
    assert _receive(copies, queues, ANNA) == []
    assert len(queues.sent) == 1


def test_an_early_job_of_a_disconnected_account_is_dropped() -> None:
    queues = FakeQueues()
    assert _receive([_message(not_before=NOON + 5000)], queues) == []
    assert queues.sent == []


def test_jobs_with_the_same_delay_are_sent_in_one_call() -> None:
    class _Counting(FakeQueues):
        calls = 0

        def send(self, jobs: Iterable[CrawlJob], *, delay: int = 0) -> None:
            self.calls += 1
            super().send(jobs, delay=delay)

    queues = _Counting()
    early = [_message(n, owner=f"harbor#u{n}", not_before=NOON + 2000 + n) for n in range(20)]
    waiting = [Owner("harbor", f"u{n}") for n in range(20)]
    assert _receive(early, queues, *waiting) == []
    assert (queues.calls, len(queues.sent)) == (1, 20)


def test_a_successful_crawl_is_completed() -> None:
    queues = FakeQueues()
    _settle(queues, Outcome(CrawlResult.CRAWLED, plays=3), _delivery())
    assert (queues.sent, queues.dead_lettered) == ([], [])


def test_a_failed_crawl_is_retried_with_growing_delays() -> None:
    queues = FakeQueues()
    failed = Outcome.failed(TransientError("502"))
    _settle(queues, failed, _delivery(1), _delivery(2, attempt=2, owner=BEN))
    assert [(job.owner, job.tried, delay) for job, delay in queues.sent] == [
        (ANNA, 1, 30),
        (BEN, 2, 60),
    ]
    assert queues.dead_lettered == []


def test_the_last_failed_attempt_is_dead_lettered_with_its_reason() -> None:
    queues = FakeQueues()
    failed = Outcome.failed(UnexpectedError("KeyError at crawl.py:1"))
    delivery = _delivery(attempt=3)
    _settle(queues, failed, delivery)
    assert queues.dead_lettered == [
        ("spotify", delivery.message.body, "unexpected: KeyError at crawl.py:1")
    ]


def test_what_no_retry_helps_is_dead_lettered_at_once() -> None:
    queues = FakeQueues()
    failed = Outcome.failed(OverBudgetError("too many plays"))
    _settle(queues, failed, _delivery(attempt=1))
    assert [reason for _, _, reason in queues.dead_lettered] == ["unexpected: too many plays"]


@pytest.mark.parametrize(
    "failure", [TransientError("502"), BadPayloadError("half a page"), StoreError("KMS is away")]
)
def test_a_crawl_waits_for_an_outage_for_at_most_a_day(failure: TopkError) -> None:
    queues = FakeQueues()
    delivery = _delivery(attempt=3)
    _settle(queues, Outcome.failed(failure), delivery)
    ((job, delay),) = queues.sent
    assert (job.tried, job.not_before, delay) == (3, 0, 120)
    assert queues.dead_lettered == []
    old = replace(delivery, job=replace(delivery.job, at=NOON - PATIENCE_SECONDS))
    _settle(queues, Outcome.failed(failure), old)
    assert [reason for _, _, reason in queues.dead_lettered] == [f"{result_of(failure)}: {failure}"]


def test_a_long_outage_is_retried_hourly() -> None:
    queues = FakeQueues()
    waited = Delivery(_message(), replace(_delivery().job, tried=20))
    _settle(queues, Outcome.failed(TransientError("502")), waited)
    ((job, delay),) = queues.sent
    assert (job.tried, job.not_before, delay) == (21, NOON + 3600, 900)


def test_waiting_for_a_rate_limit_uses_no_attempt() -> None:
    queues = FakeQueues()
    limited = Outcome(CrawlResult.RATE_LIMITED, again_in=72_000)
    _settle(queues, limited, _delivery(attempt=3))
    ((job, delay),) = queues.sent
    assert (job.reason, job.not_before, delay) == ("due", NOON + 72_000, 900)
    assert job.tried == 2


def test_attempts_before_a_wait_still_count_after_it() -> None:
    queues = FakeQueues()
    failed = Outcome.failed(UnexpectedError("a fault of ours"))
    waited = replace(_delivery().job, tried=2)
    delivery = Delivery(_message(), waited)
    _settle(queues, failed, delivery)
    assert [reason for _, _, reason in queues.dead_lettered] == ["unexpected: a fault of ours"]


def test_a_success_resets_the_attempts() -> None:
    queues = FakeQueues()
    _settle(queues, Outcome(CrawlResult.CRAWLED, again_in=300), _delivery(attempt=3))
    ((job, _),) = queues.sent
    assert (job.reason, job.tried) == ("resume", 0)


def test_a_booked_slot_is_sent_with_the_job_however_near() -> None:
    queues = FakeQueues()
    _settle(queues, Outcome(CrawlResult.WAITING, place=NOON + 7), _delivery(attempt=3))
    ((job, delay),) = queues.sent
    assert (job.reason, job.booked, job.not_before, delay) == ("due", True, NOON + 7, 7)
    assert job.tried == 2, "the attempt that waits is none"


def test_a_short_wait_needs_no_timestamp() -> None:
    queues = FakeQueues()
    _settle(queues, Outcome(CrawlResult.CRAWLED, again_in=300), _delivery())
    ((job, delay),) = queues.sent
    assert (job.reason, job.not_before, delay) == ("resume", 0, 300)


def test_a_duplicate_message_is_sent_again_once() -> None:
    queues = FakeQueues()
    _settle(queues, Outcome(CrawlResult.CRAWLED, again_in=300), _delivery(1), _delivery(2))
    assert len(queues.sent) == 1


def test_retry_delays_double_up_to_an_hour() -> None:
    assert [retry_seconds(attempt) for attempt in (1, 2, 3, 8, 20)] == [30, 60, 120, 3600, 3600]
