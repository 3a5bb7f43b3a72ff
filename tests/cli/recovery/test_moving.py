"""Moving dead letters back to their queue, with moto in place of SQS."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from cli.recovery.moving import begin_own_task, count, move


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "fake-key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-key")
    with mock_aws():
        yield boto3.client("sqs", region_name="us-east-1")


@pytest.fixture
def queues(sqs: Any) -> tuple[str, str]:
    made = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("dead", "living")]
    for number in range(23):
        sqs.send_message(
            QueueUrl=made[0],
            MessageBody=f"crawl {number}",
            MessageAttributes={"reason": {"DataType": "String", "StringValue": "gone"}},
        )
    return made[0], made[1]


def _bodies(sqs: Any, url: str) -> list[str]:
    found: list[str] = []
    while messages := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    ).get("Messages"):
        assert all("MessageAttributes" not in one for one in messages)
        found += [one["Body"] for one in messages]
    return sorted(found)


def test_every_message_moves_once_without_its_reason(sqs: Any, queues: tuple[str, str]) -> None:
    steps: list[int] = []
    assert move(sqs, *queues, moved=steps.append) == 23 == sum(steps)
    assert count(sqs, queues[0]) == 0
    assert _bodies(sqs, queues[1]) == sorted(f"crawl {number}" for number in range(23))


class Refusing:
    """SQS whose target queue refuses every message."""

    def __init__(self, sqs: Any) -> None:
        self._sqs = sqs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sqs, name)

    def send_message_batch(self, **call: Any) -> dict[str, Any]:
        return {"Failed": [{"Id": one["Id"]} for one in call["Entries"]]}


def test_a_message_refused_by_the_queue_stays_a_dead_letter(
    sqs: Any, queues: tuple[str, str]
) -> None:
    assert move(Refusing(sqs), *queues, moved=lambda _: None) == 0
    assert sqs.get_queue_attributes(
        QueueUrl=queues[0], AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
    )["Attributes"] == {"ApproximateNumberOfMessagesNotVisible": "10"}


class Answering:
    """SQS whose own redrive fails with `error`, or starts."""

    def __init__(self, sqs: Any, error: str | None) -> None:
        self._sqs, self._error = sqs, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sqs, name)

    def start_message_move_task(self, **call: Any) -> dict[str, str]:
        if self._error:
            raise ClientError({"Error": {"Code": self._error}}, "StartMessageMoveTask")
        return {"TaskHandle": f"{call['SourceArn']} to {call['DestinationArn']}"}


def test_the_services_own_redrive_is_used_if_available(sqs: Any, queues: tuple[str, str]) -> None:
    handle = begin_own_task(Answering(sqs, None), *queues)
    assert handle is not None
    assert handle.startswith("arn:aws:sqs:us-east-1:")
    assert begin_own_task(Answering(sqs, "InvalidAction"), *queues) is None


def test_another_error_does_not_fall_back_to_moving_one_by_one(
    sqs: Any, queues: tuple[str, str]
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        begin_own_task(Answering(sqs, "AccessDenied"), *queues)
