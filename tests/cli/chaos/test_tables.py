"""Tables in memory keep DynamoDB's promises, and break none that it does not make."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from cli.chaos_run.expressions import UnreadableError, condition
from cli.chaos_run.faults import Fault
from cli.chaos_run.process import Process, enter
from cli.chaos_run.updates import update
from tests.cli.chaos.machinery import BEGIN, Machinery, item, key

EQUAL = {
    "ConditionExpression": "#0 = :0",
    "ExpressionAttributeNames": {"#0": "number"},
    "ExpressionAttributeValues": {":0": {"N": "1"}},
}


def _update(expression: str, value: Any, **more: Any) -> dict[str, Any]:
    return {
        "Key": key("a"),
        "UpdateExpression": expression,
        "ExpressionAttributeNames": {"#0": "number", "#1": "members"},
        "ExpressionAttributeValues": {":0": value},
        **more,
    }


def test_a_write_whose_condition_does_not_hold_changes_nothing() -> None:
    machinery = Machinery()
    machinery.put("a", 5)
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        machinery.put("a", 6, **EQUAL)
    assert machinery.number("a") == 5


def test_numbers_compare_as_numbers_and_nothing_equals_what_is_not_there() -> None:
    machinery = Machinery()
    machinery.call("PutItem", Item={**key("a"), "number": {"N": "1.0"}})
    machinery.put("a", 2, **EQUAL)
    with pytest.raises(ClientError):
        machinery.put("b", 2, **EQUAL)


def test_an_update_makes_the_item_that_is_not_there() -> None:
    machinery = Machinery()
    machinery.call("UpdateItem", **_update("SET #0 = :0", {"N": "7"}))
    assert machinery.number("a") == 7


def test_sets_grow_by_add_and_vanish_with_their_last_member() -> None:
    machinery = Machinery()
    for member in ("x", "y"):
        machinery.call("UpdateItem", **_update("ADD #1 :0", {"SS": [member]}))
    assert machinery.table.get(("anna", "a")) == {**key("a"), "members": {"SS": ["x", "y"]}}
    machinery.call("UpdateItem", **_update("DELETE #1 :0", {"SS": ["x", "y"]}))
    assert machinery.table.get(("anna", "a")) == key("a")


def test_a_query_gives_pages_in_the_order_of_the_range_key() -> None:
    machinery = Machinery()
    for thing in "cab":
        machinery.put(thing)
    query = {
        "KeyConditionExpression": "(#0 = :0 AND #1 >= :1)",
        "ExpressionAttributeNames": {"#0": "owner", "#1": "thing"},
        "ExpressionAttributeValues": {":0": {"S": "anna"}, ":1": {"S": "b"}},
    }
    first = machinery.call("Query", Limit=1, **query)
    assert [one["thing"]["S"] for one in first["Items"]] == ["b"]
    rest = machinery.call("Query", ExclusiveStartKey=first["LastEvaluatedKey"], **query)
    assert [one["thing"]["S"] for one in rest["Items"]] == ["c"]
    assert "LastEvaluatedKey" not in rest


def test_an_eventually_consistent_read_may_tell_what_was_and_a_consistent_one_never() -> None:
    machinery = Machinery({Fault.STALE: 1.0})
    machinery.put("a", 1)
    machinery.course.run(BEGIN + 100)
    machinery.put("a", 2)
    told = {machinery.number("a") for _ in range(50)}
    assert told == {1}, "all that was a moment ago"
    assert machinery.number("a", ConsistentRead=True) == 2
    machinery.course.run(BEGIN + 103)
    assert machinery.number("a") == 2


def test_a_part_of_a_batch_may_be_left_undone_and_is_named() -> None:
    machinery = Machinery({Fault.UNPROCESSED: 1.0})
    requests = [{"PutRequest": {"Item": item(thing)}} for thing in "abc"]
    answer = machinery.client._make_api_call(
        "BatchWriteItem", {"RequestItems": {"things": requests}}
    )
    left = answer["UnprocessedItems"]["things"]
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
    assert machinery.weather.injected[fault] == 1


def test_a_conditional_write_that_the_sdk_repeats_fails_although_it_took_effect() -> None:
    machinery = Machinery({Fault.ECHOED: 1.0})
    machinery.put("a", 1)
    enter(Process("test", deadline=BEGIN + 100))
    try:
        with pytest.raises(ClientError, match="ConditionalCheckFailed"):
            machinery.put("a", 2, **EQUAL)
    finally:
        enter(None)
    assert machinery.number("a") == 2


@pytest.mark.parametrize("text", ["#0 ~ :0", "#0 = :0 nonsense", "rank(#0) > :0"])
def test_a_condition_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        condition(text)


def test_an_update_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(UnreadableError, match="cannot read"):
        update("WRITE #0 = :0")
