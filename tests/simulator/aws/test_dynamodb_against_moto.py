"""DynamoDB in memory responds like moto to every request of the product.

Each expression is tried on items and values that are drawn for it alone, and all of them together
in sequences of requests. Where moto differs from AWS's documentation, the documentation holds:
differences.py has these cases.
"""

import copy
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from simulator.aws.account import Aws
from tests.simulator.aws.expressions import (
    ARITHMETIC,
    CONDITIONS,
    INDEX_CONDITIONS,
    ITEM,
    ITEMS,
    KEY_CONDITIONS,
    PROJECTIONS,
    REQUESTS,
    TABLE,
    UPDATES,
    VALUES,
    Request,
    key,
    with_placeholders,
)

COMPARED = ("Item", "Items", "Count", "Attributes", "Responses", "UnprocessedItems")
ADA = key("ada", "1")
# A shrink takes minutes, since moto is slow.
EXACTLY = settings(derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate])
EACH = settings(EXACTLY, max_examples=12)


class Both:
    """The same table in moto and in memory, empty at first."""

    def __init__(self, moto: Any) -> None:
        self._moto, self._ours = moto, Aws(lambda: 0.0).client("dynamodb")
        for client in (self._moto, self._ours):
            client.create_table(**TABLE)

    def compare(self, operation: str, request: dict[str, Any]) -> None:
        expected = answer(self._moto, operation, copy.deepcopy(request))
        found = answer(self._ours, operation, copy.deepcopy(request))
        assert found == expected, (operation, request)

    def put(self, item: Mapping[str, Any]) -> None:
        self.compare("PutItem", {"TableName": "rows", "Item": item})

    def drop(self) -> None:
        self._moto.delete_table(TableName="rows")


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_ACCESS_KEY_ID", "fake-key-id")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-key")
        yield boto3.client("dynamodb", region_name="us-east-1")


@pytest.fixture(scope="module")
def elsewhere(moto: Any) -> Any:
    """Another region, in which no table is left over."""
    return boto3.client("dynamodb", region_name="eu-west-1")


@pytest.fixture(scope="module")
def both(moto: Any) -> Iterator[Both]:
    found = Both(moto)
    yield found
    found.drop()


@pytest.mark.parametrize("update", UPDATES + ARITHMETIC)
@given(item=st.none() | ITEM, values=VALUES)
@EACH
def test_each_update_has_the_same_result_as_in_moto(
    both: Both, update: str, item: dict[str, Any] | None, values: dict[str, Any]
) -> None:
    _set(both, item)
    request = {"TableName": "rows", "Key": ADA, "UpdateExpression": update}
    both.compare("UpdateItem", with_placeholders(request, values) | {"ReturnValues": "ALL_NEW"})
    both.compare("GetItem", {"TableName": "rows", "Key": ADA})


@pytest.mark.parametrize("condition", CONDITIONS)
@given(item=st.none() | ITEM, values=VALUES)
@EACH
def test_each_condition_holds_exactly_as_in_moto(
    both: Both, condition: str, item: dict[str, Any] | None, values: dict[str, Any]
) -> None:
    _set(both, item)
    request = {"TableName": "rows", "Key": ADA, "ConditionExpression": condition}
    both.compare("DeleteItem", with_placeholders(request, values))


def _set(both: Both, item: dict[str, Any] | None) -> None:
    """Stores `item` under the key of all these tests, or nothing."""
    if item is None:
        both.compare("DeleteItem", {"TableName": "rows", "Key": ADA})
    else:
        both.put({**item, **ADA})


@pytest.mark.parametrize("condition", KEY_CONDITIONS + INDEX_CONDITIONS)
@given(
    items=st.lists(ITEMS, max_size=6),
    values=VALUES,
    limit=st.integers(1, 4),
    forward=st.booleans(),
    projection=st.none() | st.sampled_from(PROJECTIONS),
)
@EACH
def test_each_query_returns_the_same_items_in_order_as_moto(
    both: Both,
    condition: str,
    items: list[dict[str, Any]],
    values: dict[str, Any],
    limit: int,
    forward: bool,
    projection: str | None,
) -> None:
    for item in items:
        both.put(item)
    request: dict[str, Any] = {"TableName": "rows", "KeyConditionExpression": condition}
    if condition in INDEX_CONDITIONS:
        request["IndexName"] = "by_due"
    else:
        request |= {"Limit": limit, "ScanIndexForward": forward}
        request |= {"ProjectionExpression": projection} if projection else {}
    both.compare("Query", with_placeholders(request, values))


@given(requests=st.lists(REQUESTS, min_size=10, max_size=30))
@settings(EXACTLY, max_examples=25)
def test_every_response_in_a_sequence_equals_motos(elsewhere: Any, requests: list[Request]) -> None:
    both = Both(elsewhere)
    try:
        for operation, request in requests:
            both.compare(operation, request)
    finally:
        both.drop()


def answer(client: Any, operation: str, request: dict[str, Any]) -> Any:
    """What both tell, or the code of the error with the reasons of a transaction."""
    try:
        told = client._make_api_call(operation, request)
    except ClientError as error:
        reasons = error.response.get("CancellationReasons", [])
        return error.response["Error"]["Code"], [reason["Code"] for reason in reasons]
    found = {name: told[name] for name in COMPARED if told.get(name)}
    return _unordered(found, operation)


def _unordered(found: Any, operation: str) -> Any:
    """Sets, batches and scans have no order, and numbers no form of their own."""
    if isinstance(found, dict) and "N" in found:
        return Decimal(found["N"])
    if isinstance(found, list):
        items = [_unordered(one, "") for one in found]
        return sorted(items, key=repr) if operation in {"BatchGetItem", "Scan"} else items
    if isinstance(found, dict):
        return {
            name: sorted(of) if name == "SS" else _unordered(of, operation)
            for name, of in sorted(found.items())
        }
    return found
