from typing import Any

import pytest

from simulator.aws.account import Aws
from simulator.aws.errors import AwsError
from simulator.metering.heat import heat
from simulator.metering.meter import Line, Meter, Used


@pytest.fixture
def meter() -> Meter:
    return Meter(of="crawl")


@pytest.fixture
def aws(meter: Meter) -> Aws:
    aws = Aws(lambda: 0.0, hooks=[meter])
    schema = [{"AttributeName": "owner", "KeyType": "HASH"}]
    aws.dynamodb.create_table({"TableName": "t", "KeySchema": schema})
    aws.sqs.create("topk-spotify")
    return aws


def put(aws: Aws, owner: str, size: int, **more: Any) -> None:
    item = {"owner": {"S": owner}, "b": {"S": "x" * size}}
    aws.call("dynamodb", "PutItem", {"TableName": "t", "Item": item, **more})


PUT = Line("crawl", "dynamodb", "PutItem", "t")


def test_requests_add_up_by_function_operation_and_table(aws: Aws, meter: Meter) -> None:
    put(aws, "anna", 100)
    put(aws, "ben", 1500)
    assert meter.used[PUT] == Used(requests=2, items=2, write=3.0)


def test_a_write_with_a_failed_condition_is_charged(aws: Aws, meter: Meter) -> None:
    put(aws, "anna", 2500)
    with pytest.raises(AwsError):
        put(aws, "anna", 10, ConditionExpression="attribute_not_exists (owner)")
    assert meter.used[PUT].write == 3 + 3


def test_requests_to_other_services_are_counted(aws: Aws, meter: Meter) -> None:
    meter.of = "dispatch"
    entries = [{"Id": "1", "MessageBody": "x"}]
    url = "http://sqs/1/topk-spotify"
    aws.call("sqs", "SendMessageBatch", {"QueueUrl": url, "Entries": entries})
    aws.call("kms", "GenerateDataKey", {"KeyId": "k"})
    assert meter.used[Line("dispatch", "sqs", "SendMessageBatch", "topk-spotify")].requests == 1
    assert meter.used[Line("dispatch", "kms", "GenerateDataKey", "")].requests == 1


def test_heat_is_the_load_of_the_hottest_key(aws: Aws, meter: Meter) -> None:
    for _ in range(3):
        put(aws, "anna", 10)
    put(aws, "ben", 10)
    assert heat(meter.heat)["t"].hottest == "anna"
    assert heat(meter.heat)["t"].share == 0.75
    assert heat({"empty": {}}) == {}
