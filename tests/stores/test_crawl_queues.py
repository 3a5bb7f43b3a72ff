"""Crawl queues: encoding of jobs, and dead letters with their reason."""

from typing import Any

import boto3
import pytest

from tests.fakes import ANNA, NOON
from tests.stores.conftest import REGION
from topk.domain.crawl.job import CrawlJob
from topk.domain.errors import MalformedMessageError, StoreError
from topk.domain.owner import Owner
from topk.stores.queues.crawl_queues import AT_ONCE, CrawlQueues

pytestmark = pytest.mark.usefixtures("tables")
JOB = CrawlJob(ANNA, "spotify", NOON, "due", "c-1", NOON + 5)


class _Sqs:
    def __init__(self) -> None:
        self.client = boto3.client("sqs", region_name=REGION)
        self.urls = {
            name: self.client.create_queue(QueueName=name)["QueueUrl"]
            for name in ("spotify", "youtube", "spotify-dead")
        }
        self.queues = CrawlQueues(
            self.client,
            queues={name: self.urls[name] for name in ("spotify", "youtube")},
            dead_letters={"spotify": self.urls["spotify-dead"]},
        )

    def receive(self, name: str) -> list[Any]:
        found: list[Any] = []
        while got := self.client.receive_message(
            QueueUrl=self.urls[name], MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            found += got
        return found


@pytest.fixture
def sqs() -> _Sqs:
    return _Sqs()


def test_each_job_goes_to_its_providers_queue_and_round_trips(sqs: _Sqs) -> None:
    jobs = [
        CrawlJob(Owner("harbor", f"u{n}"), "spotify", NOON, "due", f"c-{n}", slot=NOON - 60 * n)
        for n in range(25)
    ]
    sqs.queues.send([*jobs, CrawlJob(ANNA, "youtube", NOON, "due", "c-1")])
    read = [sqs.queues.parse(one["Body"], provider="spotify") for one in sqs.receive("spotify")]
    assert sorted(read, key=lambda job: job.owner) == sorted(jobs, key=lambda job: job.owner)
    assert len(sqs.receive("youtube")) == 1


@pytest.mark.parametrize("delay", [300, 100_000, -5])
def test_a_delay_is_limited_to_the_queues_maximum(sqs: _Sqs, delay: int) -> None:
    sqs.queues.send([JOB], delay=delay)
    assert len(sqs.receive("spotify")) == (1 if delay < 0 else 0)


def test_a_dead_letter_has_its_reason(sqs: _Sqs) -> None:
    sqs.queues.dead_letter("spotify", "{broken", reason="crawl message: truncated")
    (letter,) = sqs.receive("spotify-dead")
    assert letter["Body"] == "{broken"
    assert letter["MessageAttributes"]["reason"]["StringValue"] == "crawl message: truncated"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"owner": "harbor#anna"}',
        '{"owner":"anna","provider":"spotify","at":1,"reason":"due","correlation":"c"}',
        '{"owner":"harbor#anna","provider":"youtube","at":1,"reason":"due","correlation":"c"}',
        '{"owner":"harbor#anna","provider":"spotify","at":"x","reason":"due","correlation":"c"}',
    ],
)
def test_a_message_that_is_no_job_of_this_queue_is_malformed(sqs: _Sqs, body: str) -> None:
    with pytest.raises(MalformedMessageError):
        sqs.queues.parse(body, provider="spotify")


def test_a_failing_queue_is_a_storage_error(sqs: _Sqs) -> None:
    sqs.client.delete_queue(QueueUrl=sqs.urls["spotify"])
    with pytest.raises(StoreError):
        sqs.queues.send([JOB])


def test_messages_are_grouped_by_tenant_for_fairness(sqs: _Sqs) -> None:
    """SQS serves a standard queue with message groups fairly."""
    owners = [Owner("harbor", "anna"), Owner("harbor", "ben"), Owner("meadow", "anna")]
    sqs.queues.send([CrawlJob(owner, "spotify", NOON, "due", "c") for owner in owners])
    got = sqs.client.receive_message(
        QueueUrl=sqs.urls["spotify"], MaxNumberOfMessages=10, AttributeNames=["MessageGroupId"]
    )["Messages"]
    groups = sorted(message["Attributes"]["MessageGroupId"] for message in got)
    assert groups == ["harbor", "harbor", "meadow"]


class _Parallel:
    """A client that begins calls, and refuses some messages the first time."""

    def __init__(self, *, refused: int) -> None:
        self.refused = refused
        self.in_flight = self.most = 0
        self.sent: list[str] = []

    def begin(self, _operation: str, request: Any) -> Any:
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)

        def answer() -> Any:
            self.in_flight -= 1
            failed = request["Entries"][: self.refused]
            self.refused = 0
            self.sent += [one["MessageBody"] for one in request["Entries"][len(failed) :]]
            return {"Failed": [{"Id": one["Id"]} for one in failed]}

        return answer


def _many(jobs: int) -> list[CrawlJob]:
    return [CrawlJob(Owner("harbor", f"u{n}"), "spotify", NOON, "due", "c") for n in range(jobs)]


def test_batches_are_sent_at_once_up_to_the_bound() -> None:
    client = _Parallel(refused=0)
    CrawlQueues(client, queues={"spotify": "q"}, dead_letters={}).send(_many(1000))
    assert (client.most, client.in_flight) == (AT_ONCE, 0)
    assert len(set(client.sent)) == len(client.sent) == 1000


def test_refused_messages_alone_are_sent_again() -> None:
    client = _Parallel(refused=3)
    CrawlQueues(client, queues={"spotify": "q"}, dead_letters={}).send(_many(25))
    assert len(set(client.sent)) == len(client.sent) == 25
