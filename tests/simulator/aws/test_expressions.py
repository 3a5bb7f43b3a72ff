"""Expressions that are refused, and rules that moto does not hold."""

from typing import Any

import pytest

from simulator.aws.account import Aws
from simulator.aws.dynamodb.expressions import condition
from simulator.aws.dynamodb.updates import update
from simulator.aws.errors import AwsError, NotSimulatedError

KEY = {"owner": {"S": "anna"}}


@pytest.fixture
def aws() -> Aws:
    aws = Aws(lambda: 1_000.0)
    schema = [{"AttributeName": "owner", "KeyType": "HASH"}]
    aws.dynamodb.create_table({"TableName": "t", "KeySchema": schema})
    return aws


def call(aws: Aws, operation: str, **request: Any) -> dict[str, Any]:
    return aws.call("dynamodb", operation, {"TableName": "t", **request})


@pytest.mark.parametrize("text", ["#0 ~ :0", "#0 = :0 nonsense", "rank(#0) > :0", "#0 AND :0"])
def test_a_condition_that_is_not_simulated_is_refused(text: str) -> None:
    with pytest.raises(NotSimulatedError):
        condition(text)


@pytest.mark.parametrize("text", ["WRITE #0 = :0", "SET #0", "SET #0 = list_append(#0, :0)"])
def test_an_update_that_is_not_simulated_is_refused(text: str) -> None:
    with pytest.raises(NotSimulatedError):
        update(text)


@pytest.mark.parametrize(
    "request_",
    [
        {"UpdateExpression": "SET #n = :n, #n = :n"},
        {"UpdateExpression": "SET #n = #n + :n"},
        {"UpdateExpression": "SET #n = :n, missing = :m"},
        {"UpdateExpression": "SET n = :n"},
        {"UpdateExpression": "SET owner = :n", "ExpressionAttributeNames": {}},
        {"UpdateExpression": "SET #n = :s"},
    ],
)
def test_an_invalid_update_is_refused_and_changes_nothing(
    aws: Aws, request_: dict[str, Any]
) -> None:
    given = {
        "ExpressionAttributeNames": {"#n": "number"},
        "ExpressionAttributeValues": {":n": {"N": "1"}},
    }
    with pytest.raises(AwsError) as refused:
        call(aws, "UpdateItem", Key=KEY, **given | request_)
    assert refused.value.code == "ValidationException"
    assert call(aws, "GetItem", Key=KEY) == {}


@pytest.mark.parametrize(
    ("given", "stored"),
    [("1.0", "1"), ("007", "7"), ("1E3", "1000"), ("-0.50", "-0.5"), ("0.0", "0"), ("12", "12")],
)
def test_numbers_are_stored_in_their_shortest_form(aws: Aws, given: str, stored: str) -> None:
    call(aws, "PutItem", Item={**KEY, "n": {"N": given}})
    assert call(aws, "GetItem", Key=KEY)["Item"]["n"] == {"N": stored}


def test_a_number_of_more_than_38_digits_is_refused(aws: Aws) -> None:
    with pytest.raises(AwsError, match="38"):
        call(aws, "PutItem", Item={**KEY, "n": {"N": "1" * 39}})


def test_an_item_of_more_than_400_kilobytes_is_refused(aws: Aws) -> None:
    with pytest.raises(AwsError, match="size"):
        call(aws, "PutItem", Item={**KEY, "b": {"B": b"x" * 400 * 1024}})


def test_a_page_that_reaches_its_limit_returns_its_last_key(aws: Aws) -> None:
    call(aws, "PutItem", Item=KEY)
    assert call(aws, "Scan", Limit=1)["LastEvaluatedKey"] == KEY
    assert "LastEvaluatedKey" not in call(aws, "Scan", Limit=2)
    assert call(aws, "Scan", ExclusiveStartKey=KEY)["Items"] == []


def test_a_cancelled_transaction_gives_the_reason_of_each_action(aws: Aws) -> None:
    add = {
        "TableName": "t",
        "Key": KEY,
        "UpdateExpression": "SET n = n + :n",
        "ExpressionAttributeValues": {":n": {"N": "1"}},
    }
    check = {
        "TableName": "t",
        "Key": {"owner": {"S": "ben"}},
        "ConditionExpression": "attribute_exists (owner)",
    }
    put = {"TableName": "t", "Item": {"owner": {"S": "carla"}}}
    actions = [{"Update": add}, {"ConditionCheck": check}, {"Put": put}]
    with pytest.raises(AwsError) as refused:
        aws.call("dynamodb", "TransactWriteItems", {"TransactItems": actions})
    codes = [reason["Code"] for reason in refused.value.details["CancellationReasons"]]
    assert codes == ["ValidationError", "ConditionalCheckFailed", "None"]
    assert call(aws, "Scan")["Items"] == []


def test_items_are_deleted_once_they_have_expired(aws: Aws) -> None:
    for owner, moment in (("anna", "999"), ("ben", "1001")):
        call(aws, "PutItem", Item={"owner": {"S": owner}, "expires_at": {"N": moment}})
    assert aws.dynamodb.delete_expired("t", "expires_at") == 1
    assert [one["owner"]["S"] for one in call(aws, "Scan")["Items"]] == ["ben"]
