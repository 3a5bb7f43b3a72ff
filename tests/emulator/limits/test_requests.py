"""The emulator refuses a request above a limit with AWS's error."""

import json
import subprocess

import pytest

from cli.local_stack.stack import EMULATOR_PYTHON
from simulator.emulator.limits.queues import IN_FLIGHT
from simulator.emulator.process import ROOT
from tests.emulator.limits.account import NAME, Account, arn, policy
from tests.emulator.limits.proofs import proves
from tests.emulator.limits.requests import CONSTRAINT, KB, MB, REQUESTS, Request
from tests.waiting import eventually

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator contract")]


@proves(*(one.limit for one in REQUESTS))
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: f"{one.limit}, {one.operation}")
def test_a_request_above_a_limit_is_refused(account: Account, request_: Request) -> None:
    code, message = account.refusal(
        request_.service, request_.operation, **request_.members(account)
    )
    assert code == request_.code
    assert request_.message in message


def test_requests_at_the_limits_are_accepted(account: Account) -> None:
    account.client("lambda").update_function_configuration(
        FunctionName=NAME,
        Timeout=1,
        MemorySize=10_240,
        Environment={"Variables": {"A": "x" * (4 * KB - 8)}},
    )
    queue = account.create_queue("full", VisibilityTimeout="43200")
    account.client("sqs").send_message(QueueUrl=queue, MessageBody="x" * MB, DelaySeconds=900)
    account.client("kms").encrypt(KeyId=account.key, Plaintext=b"x" * 4096)
    account.client("secretsmanager").create_secret(Name="full", SecretString="x" * 65_536)
    account.client("iam").create_policy(
        PolicyName="full", PolicyDocument=policy(["s3:GetObject"], "arn:aws:s3:::" + "x" * 6000)
    )


@proves("Lambda: end of a function at its timeout")
def test_a_function_ends_at_its_timeout(account: Account) -> None:
    answer = account.client("lambda").invoke(FunctionName=NAME, Payload='{"seconds": 3}')
    assert answer["FunctionError"] == "Unhandled"
    answered = json.loads(answer["Payload"].read())
    assert answered["errorMessage"] == "Task timed out after 1.00 seconds"


@proves("Lambda: response")
def test_a_function_returns_at_most_six_megabytes(account: Account) -> None:
    asked = json.dumps({"bytes": 6 * MB + 101})
    answer = account.client("lambda").invoke(FunctionName=NAME, Payload=asked)
    assert answer["FunctionError"] == "Unhandled"
    answered = json.loads(answer["Payload"].read())
    assert answered["errorType"] == "Function.ResponseSizeTooLarge"
    assert "exceeded maximum allowed payload size (6291556 bytes)" in answered["errorMessage"]


@proves("Lambda: reserved concurrency")
def test_a_function_runs_no_more_often_than_is_reserved(account: Account) -> None:
    functions = account.client("lambda")
    functions.put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=0)
    try:
        refusal = account.refusal("lambda", "invoke", FunctionName=NAME, Payload="{}")
    finally:
        functions.delete_function_concurrency(FunctionName=NAME)
    assert refusal[0] == "TooManyRequestsException"


@proves("Lambda: resource policy")
def test_a_functions_policy_has_room_for_twenty_kilobytes(account: Account) -> None:
    account.create_function("permitted", "def handler(event, context): pass")

    def permission(number: int) -> dict[str, str]:
        return {
            "FunctionName": "permitted",
            "StatementId": f"{number}".rjust(99, "s"),
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": "arn:aws:execute-api:us-east-1:000000000000:" + "a" * 1000,
        }

    for number in range(14):
        account.client("lambda").add_permission(**permission(number))
    code, message = account.refusal("lambda", "add_permission", **permission(14))
    assert code == "PolicyLengthExceededException"
    assert "is bigger than the limit (20480)" in message


@proves("Lambda: event of a batch")
def test_a_batch_ends_before_it_is_larger_than_an_event_may_be(account: Account) -> None:
    queue = account.create_queue("large", VisibilityTimeout="60")
    seen = account.create_queue("large_seen")
    account.create_function(
        "large",
        "import os, boto3\n"
        "def handler(event, context):\n"
        "    size = str(len(event['Records']))\n"
        "    boto3.client('sqs').send_message(QueueUrl=os.environ['SEEN'], MessageBody=size)\n",
        Timeout=60,
        Environment={"Variables": {"SEEN": seen}},
    )
    for _ in range(9):
        account.client("sqs").send_message(QueueUrl=queue, MessageBody="x" * (MB - 1))
    account.client("lambda").create_event_source_mapping(
        FunctionName="large", EventSourceArn=arn(queue)
    )
    sizes: list[int] = []

    def all_delivered() -> bool:
        sizes.extend(map(int, account.received(seen)))
        return sum(sizes) == 9

    eventually(all_delivered)
    assert max(sizes) == 6


# 120,000 messages take minutes to send: this emulator allows one in flight.
ONE_IN_FLIGHT = """
import asyncio
from simulator.emulator.limits import queues
from ministack.services import sqs
queues.IN_FLIGHT = 1
queues.limit_messages_in_flight()
url = sqs._act_create_queue({"QueueName": "full"}, "")["QueueUrl"]
for _ in range(2):
    sqs._act_send_message({"MessageBody": "x"}, url)
def receive():
    return asyncio.run(sqs._handle_json("ReceiveMessage", {"QueueUrl": url}, ""))[0]
print(receive(), receive())
for one in sqs._queues[url]["messages"]:
    one["visible_at"] = 0.0
print(receive())
"""


@proves("SQS: messages in flight")
def test_a_queue_gives_no_more_messages_than_may_be_in_flight() -> None:
    command = [str(EMULATOR_PYTHON), "-c", ONE_IN_FLIGHT]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    assert ended.stdout.split() == ["200", "403", "200"]
    assert IN_FLIGHT == 120_000


def test_a_delay_within_a_batch_is_refused_for_its_entry_alone(account: Account) -> None:
    entries = [
        {"Id": str(delay), "MessageBody": "x", "DelaySeconds": delay} for delay in (900, 901)
    ]
    answer = account.client("sqs").send_message_batch(QueueUrl=account.queue, Entries=entries)
    assert [one["Id"] for one in answer["Successful"]] == ["900"]
    assert [(one["Id"], one["Code"]) for one in answer["Failed"]] == [
        ("901", "InvalidParameterValue")
    ]


@proves("EventBridge: targets of a rule")
def test_a_rule_has_at_most_five_targets(account: Account) -> None:
    events = account.client("events")
    events.put_rule(Name=NAME, EventPattern='{"source": ["x"]}')
    targets = [{"Id": str(number), "Arn": arn(account.queue)} for number in range(6)]
    events.put_targets(Rule=NAME, Targets=targets[:5])
    code, _ = account.refusal("events", "put_targets", Rule=NAME, Targets=targets[5:])
    assert code == "LimitExceededException"


@proves("DynamoDB: item after an update")
def test_an_update_cannot_grow_an_item_above_its_limit(account: Account) -> None:
    key = {"p": {"S": "grown"}, "s": {"S": "s"}}
    item = {**key, "d": {"S": "x" * (400 * KB - 20)}}
    account.client("dynamodb").put_item(TableName=NAME, Item=item)
    code, message = account.refusal(
        "dynamodb",
        "update_item",
        TableName=NAME,
        Key=key,
        UpdateExpression="SET e = :e",
        ExpressionAttributeValues={":e": {"S": "x" * 40}},
    )
    assert (code, message) == (
        CONSTRAINT,
        "Item size to update has exceeded the maximum allowed size",
    )


@proves("DynamoDB: response of BatchGetItem", "DynamoDB: page of a query")
def test_large_reads_come_in_parts(account: Account) -> None:
    tables = account.client("dynamodb")
    keys = [{"p": {"S": "large"}, "s": {"S": f"{number:02}"}} for number in range(42)]
    for key in keys:
        tables.put_item(TableName=NAME, Item={**key, "d": {"S": "x" * (399 * KB)}})
    answer = tables.batch_get_item(RequestItems={NAME: {"Keys": keys}})
    read, left = answer["Responses"][NAME], answer["UnprocessedKeys"][NAME]["Keys"]
    assert len(read) == 16 * MB // (399 * KB)
    assert [{name: one[name] for name in "ps"} for one in read] + left == keys
    page = tables.query(
        TableName=NAME,
        KeyConditionExpression="p = :p",
        ExpressionAttributeValues={":p": {"S": "large"}},
    )
    assert page["Count"] < 4
    assert "LastEvaluatedKey" in page
