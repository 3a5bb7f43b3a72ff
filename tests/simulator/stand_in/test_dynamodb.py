"""The stand-in for DynamoDB answers as moto does, and counts capacity by the published rules."""

import copy
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from simulator.stand_in.dynamodb import DynamoDB, RefusedError

TABLE = {
    "TableName": "rows",
    "KeySchema": [
        {"AttributeName": "owner", "KeyType": "HASH"},
        {"AttributeName": "at", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("owner", "at", "due")
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_due",
            "KeySchema": [
                {"AttributeName": "owner", "KeyType": "HASH"},
                {"AttributeName": "due", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
ANSWERED = ("Item", "Items", "Count", "LastEvaluatedKey", "Attributes", "Responses")
_METHODS = {
    "GetItem": "get_item",
    "BatchGetItem": "batch_get_item",
    "Query": "query",
    "PutItem": "put_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "BatchWriteItem": "batch_write_item",
}
Request = tuple[str, dict[str, Any]]


def _key(owner: str, at: str) -> dict[str, Any]:
    return {"owner": {"S": owner}, "at": {"S": at}}


OWNERS, MOMENTS = st.sampled_from(["ada", "bob"]), st.sampled_from(["1", "2", "3", "10"])
KEYS = st.builds(_key, OWNERS, MOMENTS)
NUMBERS = st.builds(lambda n: {"N": str(n)}, st.integers(0, 3))
ITEMS = st.builds(
    lambda key, version, due: key | {"version": version} | ({"due": {"S": due}} if due else {}),
    KEYS,
    NUMBERS,
    st.sampled_from(["", "5", "6"]),
)
CONDITIONS = st.sampled_from(
    [
        "#v = :v",
        "#v < :v OR attribute_not_exists(#v)",
        "attribute_exists (#v) AND (attribute_not_exists (#t) OR #t <= :v)",
        "NOT #v >= :v",
        "#v <> :v",
        "#v BETWEEN :v AND :v",
        "attribute_not_exists(#v)",
    ]
)
UPDATES = st.sampled_from(
    [
        "SET #v = :v",
        "SET #v = if_not_exists(#v, :v) + :v, #t = :v",
        "SET #t = :v REMOVE #v",
        "ADD #v :v",
        "REMOVE #t, #v",
        "ADD #s :s",
        "DELETE #s :s",
    ]
)


def _names(*texts: str | None) -> dict[str, Any]:
    """The names and values that the expressions use; more would be refused."""
    used = " ".join(text for text in texts if text)
    names = {"#v": "version", "#t": "through", "#s": "owners"}
    values: dict[str, Any] = {":v": {"N": "2"}, ":s": {"SS": ["x", "y"]}}
    found = {
        "ExpressionAttributeNames": {name: to for name, to in names.items() if name in used},
        "ExpressionAttributeValues": {name: to for name, to in values.items() if name in used},
    }
    return {name: of for name, of in found.items() if of}


def _update(key: dict[str, Any], update: str, condition: str | None, returned: str) -> Request:
    request = {"Key": key, "UpdateExpression": update, "ReturnValues": returned}
    given = {"ConditionExpression": condition} if condition else {}
    return "UpdateItem", request | given | _names(update, condition)


def _put(item: dict[str, Any], condition: str | None) -> Request:
    given = {"ConditionExpression": condition} | _names(condition) if condition else {}
    return "PutItem", {"Item": item, **given}


def _query(owner: str, least: str, limit: int, forward: bool, index: bool) -> Request:
    request: dict[str, Any] = {
        "KeyConditionExpression": f"#h = :h AND {'due' if index else '#r'} >= :r",
        "ExpressionAttributeNames": {"#h": "owner"} | ({} if index else {"#r": "at"}),
        "ExpressionAttributeValues": {":h": {"S": owner}, ":r": {"S": least}},
        "Limit": limit,
        "ScanIndexForward": forward,
    }
    return "Query", request | ({"IndexName": "by_due"} if index else {})


REQUESTS = st.one_of(
    st.builds(_put, ITEMS, st.none() | CONDITIONS),
    st.builds(_update, KEYS, UPDATES, st.none() | CONDITIONS, st.sampled_from(["NONE", "ALL_NEW"])),
    st.builds(lambda key: ("GetItem", {"Key": key}), KEYS),
    st.builds(lambda key: ("DeleteItem", {"Key": key, "ReturnValues": "ALL_OLD"}), KEYS),
    st.builds(_query, OWNERS, MOMENTS, st.integers(1, 4), st.booleans(), st.booleans()),
    st.builds(
        lambda items: ("BatchWriteItem", {"RequestItems": {"rows": items}}),
        st.lists(
            st.builds(lambda item: {"PutRequest": {"Item": item}}, ITEMS)
            | st.builds(lambda key: {"DeleteRequest": {"Key": key}}, KEYS),
            min_size=1,
            max_size=1,
        ),
    ),
)


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "fake-key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-key")
    with mock_aws():
        yield boto3.client("dynamodb", region_name="us-east-1")


@given(requests=st.lists(REQUESTS, min_size=1, max_size=12))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_answers_as_moto_does(moto: Any, requests: list[Request]) -> None:
    moto.create_table(**TABLE)
    ours = DynamoDB()
    ours.call("CreateTable", TABLE)
    try:
        for operation, request in requests:
            named = (
                {"TableName": "rows"} | request if not operation.startswith("Batch") else request
            )
            expected = _of_moto(moto, operation, copy.deepcopy(named))
            assert _of_ours(ours, operation, named) == expected, (operation, request)
    finally:
        moto.delete_table(TableName="rows")


def _of_moto(moto: Any, operation: str, request: dict[str, Any]) -> Any:
    try:
        answer = getattr(moto, _METHODS[operation])(**request)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return _shown(answer)


def _of_ours(ours: DynamoDB, operation: str, request: dict[str, Any]) -> Any:
    try:
        return _shown(ours.call(operation, request))
    except RefusedError as error:
        return error.code


def _shown(answer: dict[str, Any]) -> dict[str, Any]:
    """What both tell. DynamoDB may say that there is more where nothing follows; a set has no
    order."""
    told = {name: answer[name] for name in ANSWERED if answer.get(name)}
    told.pop("LastEvaluatedKey", None)
    for item in [told.get("Attributes", {}), told.get("Item", {}), *told.get("Items", [])]:
        if "owners" in item:
            item["owners"] = {"SS": sorted(item["owners"]["SS"])}
    return told


def _rows(kilobytes: float, **more: Any) -> dict[str, Any]:
    # Names and values of the key are 13 bytes, `body` 4.
    return _key("ada", "1") | {"body": {"S": "x" * (int(kilobytes * 1024) - 13 - 4)}} | more


@pytest.mark.parametrize(
    ("kilobytes", "write_units", "read_units"),
    [(0.5, 1, 0.5), (1, 1, 0.5), (1.01, 2, 0.5), (4.1, 5, 1)],
)
def test_capacity_is_counted_by_the_size_of_the_item(
    kilobytes: float, write_units: int, read_units: float
) -> None:
    ours = DynamoDB()
    ours.call("CreateTable", {**TABLE, "GlobalSecondaryIndexes": []})
    ours.call("PutItem", {"TableName": "rows", "Item": _rows(kilobytes)})
    [put] = ours.spent()
    ours.call("GetItem", {"TableName": "rows", "Key": _key("ada", "1")})
    [got] = ours.spent()
    assert put["write_units"] == write_units
    assert got["read_units"] == read_units


def test_a_changed_key_of_an_index_is_paid_for_twice_beside_the_item() -> None:
    ours = DynamoDB()
    ours.call("CreateTable", TABLE)
    ours.call("PutItem", {"TableName": "rows", "Item": _rows(0.5, due={"S": "5"})})
    ours.spent()
    _, request = _update(_key("ada", "1"), "SET due = :v", None, "NONE")
    request |= {"TableName": "rows", "ExpressionAttributeValues": {":v": {"S": "6"}}}
    ours.call("UpdateItem", request)
    [update] = ours.spent()
    assert update["write_units"] == 3


def test_a_refused_write_is_paid_for() -> None:
    ours = DynamoDB()
    ours.call("CreateTable", TABLE)
    operation, request = _put(_rows(0.5), "#v = :v")
    with pytest.raises(RefusedError, match="conditional"):
        ours.call(operation, {"TableName": "rows"} | request)
    assert ours.spent()[0]["write_units"] == 1


def test_consumed_capacity_is_told_where_it_is_asked_for() -> None:
    ours = DynamoDB()
    ours.call("CreateTable", TABLE)
    request = {"TableName": "rows", "Item": _rows(1.5), "ReturnConsumedCapacity": "TOTAL"}
    answer = ours.call("PutItem", request)
    assert answer["ConsumedCapacity"] == {"TableName": "rows", "CapacityUnits": 2.0}


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("Scan", {"TableName": "rows"}),
        ("GetItem", {"TableName": "nothing", "Key": _key("ada", "1")}),
        ("PutItem", {"TableName": "rows", "Item": {"owner": {"S": "ada"}}}),
        _update(_key("ada", "1"), "SET #v = size(#v)", None, "NONE"),
        ("BatchWriteItem", {"RequestItems": {"rows": [{}] * 26}}),
    ],
)
def test_what_it_does_not_know_is_refused(operation: str, request_: dict[str, Any]) -> None:
    ours = DynamoDB()
    ours.call("CreateTable", TABLE)
    with pytest.raises(RefusedError):
        ours.call(operation, {"TableName": "rows"} | request_)
