"""Capacity units as the documentation gives them, measured on calls."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.aws.account import Aws
from simulator.aws.calls import Answer, Call, Perform
from simulator.aws.dynamodb.capacity import Units, read_units, write_units
from simulator.aws.errors import AwsError

KEY = {"owner": {"S": "o"}}
"""Six bytes."""


def row(size: int, owner: str = "o", **more: Any) -> dict[str, Any]:
    own = {"owner": {"S": owner}, **more}
    return {**own, "b": {"S": "x" * (size - 7)}}


class Account:
    """A table `t` of owners, with what the last call consumed."""

    def __init__(self) -> None:
        self.consumed: list[Units] = []
        self.aws = Aws(lambda: 0.0, hooks=[self._note])
        index = {
            "IndexName": "by_due",
            "KeySchema": [{"AttributeName": "due", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
        self.aws.dynamodb.create_table(
            {
                "TableName": "t",
                "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
                "GlobalSecondaryIndexes": [index],
            }
        )

    def call(self, operation: str, **request: Any) -> Answer:
        return self.aws.call("dynamodb", operation, {"TableName": "t", **request})

    def units(self, operation: str, **request: Any) -> list[float]:
        """What the call consumes for each item."""
        self.call(operation, **request)
        return [one.read + one.write for one in self.consumed]

    def _note(self, call: Call, perform: Perform) -> Answer:
        self.consumed = call.consumed
        return perform()


@pytest.mark.parametrize(("size", "units"), [(0, 1), (1, 1), (1024, 1), (1025, 2), (3500, 4)])
def test_a_write_takes_a_unit_for_each_started_kilobyte(size: int, units: int) -> None:
    assert write_units(size) == units


@pytest.mark.parametrize(
    ("size", "strong", "eventual"), [(0, 1, 0.5), (4096, 1, 0.5), (4097, 2, 1), (10_000, 3, 1.5)]
)
def test_a_read_takes_a_unit_for_each_started_four_kilobytes(
    size: int, strong: float, eventual: float
) -> None:
    assert read_units(size, consistent=True) == strong
    assert read_units(size, consistent=False) == eventual


@given(st.integers(0, 400_000), st.integers(0, 400_000))
def test_a_write_costs_the_larger_of_before_and_after(one: int, other: int) -> None:
    assert write_units(one, other) == write_units(other, one) == write_units(max(one, other))


def test_each_kind_of_write_costs_what_was_there_or_what_is_there_after() -> None:
    account = Account()
    assert account.units("DeleteItem", Key=KEY) == [1]
    assert account.units("PutItem", Item=row(3000)) == [3]
    assert account.units("PutItem", Item=row(100)) == [3]
    account.call("PutItem", Item=row(3000))
    remove = {"UpdateExpression": "REMOVE #b", "ExpressionAttributeNames": {"#b": "b"}}
    assert account.units("UpdateItem", Key=KEY, **remove) == [3]
    account.call("PutItem", Item=row(3000))
    assert account.units("DeleteItem", Key=KEY) == [3]


def test_a_refused_write_costs_what_is_there() -> None:
    account = Account()
    account.call("PutItem", Item=row(3000))
    with pytest.raises(AwsError, match="conditional"):
        account.call("PutItem", Item=row(10), ConditionExpression="attribute_not_exists (owner)")
    assert [one.write for one in account.consumed] == [3]


def test_each_item_of_a_batch_is_rounded_separately() -> None:
    account = Account()
    puts = [{"PutRequest": {"Item": row(300, name)}} for name in "abcde"]
    assert account.units("BatchWriteItem", RequestItems={"t": puts}) == [1] * 5
    keys = [{"owner": {"S": name}} for name in "abx"]
    account.call("PutItem", Item=row(5000, "b"))
    wanted = {"Keys": keys, "ConsistentRead": True}
    assert account.units("BatchGetItem", RequestItems={"t": wanted}) == [1, 2, 1]


def test_a_transaction_costs_double_whether_or_not_it_is_cancelled() -> None:
    account = Account()
    put = {"Put": {"TableName": "t", "Item": row(1100)}}
    assert account.units("TransactWriteItems", TransactItems=[put]) == [4]
    put["Put"]["ConditionExpression"] = "attribute_not_exists (owner)"
    with pytest.raises(AwsError, match="cancelled"):
        account.call("TransactWriteItems", TransactItems=[put])
    assert [one.write for one in account.consumed] == [4]


def test_a_query_is_rounded_once_over_all_its_items() -> None:
    account = Account()
    asked = {
        "KeyConditionExpression": "due = :d",
        "ExpressionAttributeValues": {":d": {"S": "5"}},
        "IndexName": "by_due",
    }
    assert account.units("Query", **asked) == [0.5]
    for name in "abcde":
        account.call("PutItem", Item=row(3000, name, due={"S": "5"}))
    assert account.units("Query", **asked) == [0.5], "the index holds keys alone"
    assert account.units("Scan", ConsistentRead=True) == [4]


def test_reading_part_of_an_item_costs_as_much_as_all_of_it() -> None:
    account = Account()
    account.call("PutItem", Item=row(9000))
    assert account.units("GetItem", Key=KEY, ProjectionExpression="owner") == [1.5]


def test_an_index_costs_units_only_if_its_attributes_change() -> None:
    account = Account()
    assert account.units("PutItem", Item=row(100)) == [1]
    assert account.units("PutItem", Item=row(100, due={"S": "5"})) == [2]
    assert account.units("PutItem", Item=row(200, due={"S": "5"})) == [1]
    assert account.units("PutItem", Item=row(100, due={"S": "6"})) == [3]
    assert account.units("DeleteItem", Key=KEY) == [2]


def test_consumed_capacity_is_returned_on_request() -> None:
    account = Account()
    answer = account.call("PutItem", Item=row(1500), ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"] == {"TableName": "t", "CapacityUnits": 2.0}
