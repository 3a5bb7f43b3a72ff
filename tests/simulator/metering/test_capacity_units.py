"""The rules for capacity units, as the documentation gives them."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.metering.capacity_units import (
    Units,
    keys_written,
    of_reads,
    of_writes,
    read,
    written,
)
from simulator.metering.item_size import Item

KEY = {"owner": {"S": "o"}}
"""Six bytes."""


def row(size: int) -> Item:
    return {**KEY, "b": {"S": "x" * (size - 7)}}


@pytest.mark.parametrize(("size", "units"), [(0, 1), (1, 1), (1024, 1), (1025, 2), (3500, 4)])
def test_a_write_takes_a_unit_for_each_kilobyte_begun(size: int, units: int) -> None:
    assert written(size) == units


@pytest.mark.parametrize(
    ("size", "strong", "eventual"), [(0, 1, 0.5), (4096, 1, 0.5), (4097, 2, 1), (10_000, 3, 1.5)]
)
def test_a_read_takes_a_unit_for_each_four_kilobytes(
    size: int, strong: float, eventual: float
) -> None:
    assert read(size, consistent=True) == strong
    assert read(size, consistent=False) == eventual


def write(
    operation: str, call: Mapping[str, Any], before: Item | None, after: Item | None
) -> list[Units]:
    keys = keys_written(operation, call, lambda _: ["owner"])
    return of_writes(operation, keys, [before] * len(keys), lambda *_: after)


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("PutItem", {"TableName": "t", "Item": row(3000)}),
        ("UpdateItem", {"TableName": "t", "Key": KEY}),
        ("DeleteItem", {"TableName": "t", "Key": KEY}),
    ],
)
def test_a_write_costs_the_larger_of_before_and_after(
    operation: str, call: Mapping[str, Any]
) -> None:
    assert [one.write for one in write(operation, call, row(3000), row(100))] == [3]
    assert [one.write for one in write(operation, call, row(100), row(3000))] == [3]
    assert [one.write for one in write(operation, call, None, None)] == [1]


def test_each_item_of_a_batch_is_rounded_by_itself() -> None:
    puts = [{"PutRequest": {"Item": row(300)}} for _ in range(5)]
    found = write("BatchWriteItem", {"RequestItems": {"t": puts}}, None, row(300))
    assert [one.write for one in found] == [1] * 5


def test_what_is_transacted_costs_double() -> None:
    call = {"TransactItems": [{"Put": {"TableName": "t", "Item": row(1100)}}]}
    assert [one.write for one in write("TransactWriteItems", call, None, row(1100))] == [4]


@given(st.integers(7, 400_000), st.integers(7, 400_000))
def test_the_order_of_before_and_after_does_not_matter(one: int, other: int) -> None:
    call = {"TableName": "t", "Key": KEY}
    assert write("UpdateItem", call, row(one), row(other)) == write(
        "UpdateItem", call, row(other), row(one)
    )


def nothing(_table: str, _key: object) -> None:
    """No item is looked at."""


def test_a_query_is_rounded_once_over_all_its_items() -> None:
    call = {"TableName": "t", "ConsistentRead": True, "ExpressionAttributeValues": {":0": KEY}}
    [found] = of_reads("Query", call, {"Items": [row(1000)] * 5}, nothing)
    assert (found.read, found.size) == (2, 5000)


def test_a_query_that_finds_nothing_costs_the_least_read() -> None:
    [found] = of_reads("Query", {"TableName": "t"}, {"Items": []}, nothing)
    assert found.read == 0.5


def test_the_items_of_a_batch_are_read_each_by_itself_and_missing_ones_too() -> None:
    keys = [{"owner": {"S": name}} for name in "abc"]
    large = {"owner": {"S": "b"}, "x": {"S": "x" * 5000}}
    call = {"RequestItems": {"t": {"Keys": keys, "ConsistentRead": True}}}
    found = of_reads("BatchGetItem", call, {}, lambda _, key: large if key == keys[1] else None)
    assert [one.read for one in found] == [1, 2, 1]


def test_a_part_of_an_item_costs_what_the_whole_does() -> None:
    asked = {"ProjectionExpression": "latest", "Keys": [KEY]}
    [of_batch] = of_reads("BatchGetItem", {"RequestItems": {"t": asked}}, {}, lambda *_: row(9000))
    [alone] = of_reads("GetItem", {"TableName": "t", "Key": KEY}, {}, lambda *_: row(9000))
    assert (of_batch.read, alone.read) == (1.5, 1.5)


def test_requests_that_read_and_write_nothing_cost_nothing() -> None:
    assert of_reads("DescribeTable", {}, {}, nothing) == []
    assert write("DescribeTable", {}, None, None) == []
