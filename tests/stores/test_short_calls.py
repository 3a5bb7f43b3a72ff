"""Calls by the short way: the same answers and errors as botocore's own."""

from http.client import HTTPException
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from topk.stores.short_calls import ShortCalls

KEY = {"owner": {"S": "harbor#ada"}}
ROW = {**KEY, "followers": {"N": "3"}, "body": {"B": b"\x00\xff\x10"}}


class _Botocore:
    """A client that tells which calls it makes itself."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.made: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _make_api_call(self, operation: str, arguments: Any) -> Any:
        self.made.append(operation)
        return self._client._make_api_call(operation, arguments)


@pytest.fixture
def botocore(tables: None) -> _Botocore:
    return _Botocore(boto3.client("dynamodb", region_name="us-east-1"))


def test_answers_are_those_of_botocore_and_no_call_is_made_twice(botocore: _Botocore) -> None:
    short = ShortCalls(botocore)
    short.put_item(TableName="Profiles", Item=ROW)
    assert short.get_item(TableName="Profiles", Key=KEY)["Item"] == ROW
    asked = {"Profiles": {"Keys": [KEY]}}
    assert short.batch_get_item(RequestItems=asked)["Responses"]["Profiles"] == [ROW]
    asked_for = {"KeyConditionExpression": "#o = :o", "ExpressionAttributeNames": {"#o": "owner"}}
    values = {":o": KEY["owner"]}
    found = short.query(TableName="Profiles", ExpressionAttributeValues=values, **asked_for)
    assert found["Items"] == [ROW]
    changed = short.update_item(
        TableName="Profiles",
        Key=KEY,
        UpdateExpression="SET body = :b",
        ExpressionAttributeValues={":b": {"B": b"\x01"}},
        ReturnValues="ALL_NEW",
    )
    assert changed["Attributes"]["body"] == {"B": b"\x01"}
    assert botocore.made == []


def test_a_condition_that_does_not_hold_is_told_as_botocore_tells_it(botocore: _Botocore) -> None:
    short = ShortCalls(botocore)
    short.put_item(TableName="Profiles", Item=ROW)
    with pytest.raises(ClientError) as refused:
        short.put_item(
            TableName="Profiles", Item=ROW, ConditionExpression="attribute_not_exists(followers)"
        )
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert botocore.made == []


def test_any_other_error_is_left_to_botocore(botocore: _Botocore) -> None:
    with pytest.raises(ClientError) as refused:
        ShortCalls(botocore).get_item(TableName="Nothing", Key=KEY)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert botocore.made == ["GetItem"]


@pytest.mark.parametrize("answer", [HTTPException("lost"), OSError("lost"), (200, b"<html>")])
def test_a_call_that_is_lost_is_made_again_by_botocore(
    botocore: _Botocore, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    short = ShortCalls(botocore)
    short.put_item(TableName="Profiles", Item=ROW)

    def lost(*_: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(short, "_send", lost)
    assert short.get_item(TableName="Profiles", Key=KEY)["Item"] == ROW
    assert botocore.made == ["GetItem"]
