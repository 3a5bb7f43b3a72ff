"""Queues, objects, keys and secrets behave as their services do."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from simulator.aws.account import Aws
from simulator.aws.calls import Answer, Call, Perform
from simulator.aws.dynamodb.changes import Change
from simulator.aws.errors import NotSimulatedError

MB = 1024 * 1024


class Clock:
    now = 1_000.0


def sqs(clock: Clock) -> Any:
    aws = Aws(lambda: clock.now)
    dead = aws.sqs.create("dead")
    aws.sqs.create("work", dead, receives=2, hidden_for=30)
    return aws.client("sqs")


def receive(client: Any, queue: str = "work", **more: Any) -> list[tuple[str, str]]:
    told = client.receive_message(QueueUrl=f"https://sqs/1/{queue}", MaxNumberOfMessages=10, **more)
    return [(one["Body"], one["ReceiptHandle"]) for one in told["Messages"]]


@given(delays=st.lists(st.integers(0, 900), min_size=1, max_size=10), wait=st.integers(0, 900))
def test_messages_are_received_once_their_delay_is_over(delays: list[int], wait: int) -> None:
    clock = Clock()
    client = sqs(clock)
    entries = [
        {"Id": str(at), "MessageBody": str(delay), "DelaySeconds": delay}
        for at, delay in enumerate(delays)
    ]
    sent = client.send_message_batch(QueueUrl="work", Entries=entries)
    assert [one["Id"] for one in sent["Successful"]] == [entry["Id"] for entry in entries]
    clock.now += wait
    due = [str(delay) for delay in delays if delay <= wait]
    assert [body for body, _ in receive(client)] == due
    assert receive(client) == []


def test_a_message_returns_until_deleted_and_is_then_dead_lettered() -> None:
    clock = Clock()
    client = sqs(clock)
    for body in ("done", "stubborn"):
        client.send_message(QueueUrl="work", MessageBody=body)
    for body, receipt in receive(client):
        if body == "done":
            client.delete_message(QueueUrl="work", ReceiptHandle=receipt)
    clock.now += 30
    [(body, receipt)] = receive(client)
    client.change_message_visibility(QueueUrl="work", ReceiptHandle=receipt, VisibilityTimeout=5)
    clock.now += 5
    assert receive(client) == []
    assert [body for body, _ in receive(client, "dead")] == [body] == ["stubborn"]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda c: c.send_message(QueueUrl="none", MessageBody="x"), "NonExistentQueue"),
        (
            lambda c: c.send_message(QueueUrl="work", MessageBody="x", DelaySeconds=901),
            "InvalidParameterValue",
        ),
        (lambda c: c.send_message_batch(QueueUrl="work", Entries=[]), "TooManyEntries"),
        (
            lambda c: c.change_message_visibility(
                QueueUrl="work", ReceiptHandle="9-1", VisibilityTimeout=1
            ),
            "ReceiptHandleIsInvalid",
        ),
        (
            lambda c: c.change_message_visibility(
                QueueUrl="work", ReceiptHandle="9-1", VisibilityTimeout=43_201
            ),
            "VisibilityTimeout 43201",
        ),
        (lambda c: receive(c, VisibilityTimeout=43_201), "VisibilityTimeout 43201"),
        (
            lambda c: c.receive_message(QueueUrl="work", MaxNumberOfMessages=11),
            "MaxNumberOfMessages 11",
        ),
        (lambda c: c.send_message(QueueUrl="work", MessageBody="x" * (MB + 1)), "shorter than"),
        (
            lambda c: c.send_message(
                QueueUrl="work",
                MessageBody="x" * MB,
                MessageAttributes={"a": {"DataType": "String", "StringValue": "x"}},
            ),
            "shorter than",
        ),
        (
            lambda c: c.send_message_batch(
                QueueUrl="work",
                Entries=[{"Id": str(at), "MessageBody": "x" * (MB // 2 + 1)} for at in range(2)],
            ),
            "BatchRequestTooLong",
        ),
    ],
)
def test_a_queue_refuses_what_sqs_refuses(call: Callable[[Any], Any], code: str) -> None:
    with pytest.raises(ClientError, match=code):
        call(sqs(Clock()))


def test_a_queue_takes_a_message_of_a_mebibyte() -> None:
    client = sqs(Clock())
    client.send_message(QueueUrl="work", MessageBody="x" * MB)
    [(body, _)] = receive(client)
    assert len(body) == MB


def test_objects_are_listed_page_by_page_in_the_order_of_their_keys() -> None:
    aws = Aws(lambda: 0.0)
    aws.s3.buckets["b"] = {}
    client = aws.client("s3")
    for key in ("x/2", "x/10", "y", "x/1"):
        client.put_object(Bucket="b", Key=key, Body=key.encode())
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="b", Prefix="x/", MaxKeys=2)
    assert [[one["Key"] for one in page["Contents"]] for page in pages] == [
        ["x/1", "x/10"],
        ["x/2"],
    ]
    assert client.get_object(Bucket="b", Key="y")["Body"].read() == b"y"
    client.delete_object(Bucket="b", Key="y")
    with pytest.raises(ClientError, match="NoSuchKey"):
        client.get_object(Bucket="b", Key="y")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        client.put_object(Bucket="c", Key="y", Body=b"")


def test_a_data_key_is_unwrapped_only_in_its_own_context() -> None:
    client = Aws(lambda: 0.0).client("kms")
    made = client.generate_data_key(KeyId="k", EncryptionContext={"data-key": "a"})
    wrapped = {"CiphertextBlob": made["CiphertextBlob"], "KeyId": "k"}
    opened = client.decrypt(**wrapped, EncryptionContext={"data-key": "a"})
    assert opened["Plaintext"] == made["Plaintext"]
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        client.decrypt(**wrapped, EncryptionContext={"data-key": "b"})


def test_a_missing_secret_is_not_found() -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        Aws(lambda: 0.0).client("secretsmanager").get_secret_value(SecretId="x")


def test_events_are_accepted_in_order_and_counted() -> None:
    taken: list[Any] = []
    aws = Aws(lambda: 0.0, on_entry=taken.append)
    entries = [{"EventBusName": "bus", "Detail": str(number)} for number in range(3)]
    answer = aws.client("events").put_events(Entries=entries)
    assert taken == entries
    assert answer["FailedEntryCount"] == 0


def test_a_bus_takes_a_megabyte_of_entries_in_one_call() -> None:
    client = Aws(lambda: 0.0, on_entry=lambda _: None).client("events")
    client.put_events(Entries=[{"Detail": "x" * (MB // 2)}] * 2)
    with pytest.raises(ClientError, match="Total size of the entries"):
        client.put_events(Entries=[{"Detail": "x" * (MB // 2), "Source": "x"}] * 2)


@pytest.mark.parametrize("service", ["dynamodb", "sqs", "s3", "kms", "secretsmanager", "events"])
def test_an_operation_that_is_not_simulated_is_not_an_aws_error(service: str) -> None:
    aws = Aws(lambda: 0.0)
    aws.sqs.create("q")
    aws.s3.buckets["b"] = {}
    with pytest.raises(NotSimulatedError):
        aws.call(service, "Unheard", {"QueueUrl": "q", "Bucket": "b"})


def test_hooks_are_passed_in_order_and_see_every_write() -> None:
    passed: list[str] = []
    changes: list[Change] = []

    def hook(name: str) -> Callable[[Call, Perform], Answer]:
        def passes(call: Call, perform: Perform) -> Answer:
            passed.append(f"{name} {call.operation} {call.writes}")
            return perform()

        return passes

    aws = Aws(lambda: 0.0, hooks=[hook("outer"), hook("inner")], on_change=changes.append)
    schema = [{"AttributeName": "owner", "KeyType": "HASH"}]
    aws.dynamodb.create_table({"TableName": "t", "KeySchema": schema})
    item = {"owner": {"S": "anna"}}
    client = aws.client("dynamodb")
    for _ in range(2):
        client.put_item(TableName="t", Item=item)
    client.delete_item(TableName="t", Key=item)
    client.get_item(TableName="t", Key=item)
    assert passed[:2] == ["outer PutItem True", "inner PutItem True"]
    assert passed[-2:] == ["outer GetItem False", "inner GetItem False"]
    assert [change.event for change in changes] == ["INSERT", "", "REMOVE"]
    assert changes[0].record(1)["dynamodb"]["Keys"] == item
