"""Calls in a storm fail before or after their effect, and reads may be stale."""

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from cli.in_memory.faults import Fault
from cli.in_memory.process import Process, enter
from tests.cli.chaos.machinery import BEGIN, TABLE, Machinery, in_call, item

EQUAL = {
    "ConditionExpression": "#0 = :0",
    "ExpressionAttributeNames": {"#0": "number"},
    "ExpressionAttributeValues": {":0": {"N": "1"}},
}


def test_only_an_eventually_consistent_read_may_be_stale() -> None:
    machinery = Machinery({Fault.STALE: 1.0})
    machinery.put("a", 1)
    machinery.scheduler.run(BEGIN + 100)
    machinery.put("a", 2)
    read = {machinery.number("a") for _ in range(50)}
    assert read == {1}, "eventually consistent reads still see the old value"
    assert machinery.number("a", ConsistentRead=True) == 2
    machinery.scheduler.run(BEGIN + 103)
    assert machinery.number("a") == 2


def test_part_of_a_batch_may_be_returned_as_unprocessed() -> None:
    machinery = Machinery({Fault.UNPROCESSED: 1.0})
    requests = [{"PutRequest": {"Item": item(thing)}} for thing in "abc"]
    answer = machinery.client._make_api_call("BatchWriteItem", {"RequestItems": {TABLE: requests}})
    left = answer["UnprocessedItems"][TABLE]
    assert 1 <= len(left) <= 2
    assert len(list(machinery.table.items())) == 3 - len(left)


@pytest.mark.parametrize(
    ("fault", "error", "written"),
    [
        (Fault.THROTTLED, ClientError, None),
        (Fault.SERVER_ERROR, ClientError, None),
        (Fault.UNANSWERED, ReadTimeoutError, 3),
    ],
)
def test_a_call_fails_before_or_after_its_effect(
    fault: Fault, error: type[Exception], written: int | None
) -> None:
    machinery = Machinery({fault: 1.0})
    enter(Process("test", deadline=BEGIN + 100))
    try:
        with pytest.raises(error):
            machinery.put("a", 3)
    finally:
        enter(None)
    assert machinery.number("a") == written
    assert machinery.injector.injected[fault] == 1


def test_a_conditional_write_repeated_by_the_sdk_fails_although_it_took_effect() -> None:
    machinery = Machinery({Fault.ECHOED: 1.0})
    machinery.put("a", 1)
    enter(Process("test", deadline=BEGIN + 100))
    try:
        with pytest.raises(ClientError, match="ConditionalCheckFailed"):
            machinery.put("a", 2, **EQUAL)
    finally:
        enter(None)
    assert machinery.number("a") == 2


def test_some_events_of_a_call_may_be_refused() -> None:
    machinery = Machinery({Fault.UNPROCESSED: 1.0})
    entry = {"EventBusName": "bus", "DetailType": "TopListErased", "Detail": "{}"}
    client = machinery.aws.client("events")
    (answer,) = in_call(machinery.scheduler, lambda: client.put_events(Entries=[entry] * 5))
    taken = ["EventId" in one for one in answer["Entries"]]
    assert taken == [True] * len(machinery.entries) + [False] * answer["FailedEntryCount"]
    assert 0 < len(machinery.entries) < 5
