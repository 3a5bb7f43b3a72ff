"""DynamoDB in memory answers as moto does, over all that the product asks of it."""

import copy
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from simulator.aws.account import Aws
from tests.simulator.aws.expressions import REQUESTS, TABLE, Request

COMPARED = ("Item", "Items", "Count", "Attributes", "Responses", "UnprocessedItems")


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "fake-key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-key")
    with mock_aws():
        yield boto3.client("dynamodb", region_name="us-east-1")


@given(requests=st.lists(REQUESTS, min_size=1, max_size=25))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a shrink takes minutes, since moto is slow
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_answer_is_that_of_moto(moto: Any, requests: list[Request]) -> None:
    ours = Aws(lambda: 0.0).client("dynamodb")
    for client in (moto, ours):
        client.create_table(**TABLE)
    try:
        for operation, request in requests:
            expected = answer(moto, operation, copy.deepcopy(request))
            assert answer(ours, operation, copy.deepcopy(request)) == expected, (operation, request)
    finally:
        moto.delete_table(TableName="rows")


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
    """Sets, batches and scans have no order."""
    if isinstance(found, list):
        items = [_unordered(one, "") for one in found]
        return sorted(items, key=repr) if operation in {"BatchGetItem", "Scan"} else items
    if isinstance(found, dict):
        return {
            name: sorted(of) if name == "SS" else _unordered(of, operation)
            for name, of in sorted(found.items())
        }
    return found
