"""IAM is enforced: a call needs exactly its own permission."""

import subprocess
from typing import Any

import pytest

from cli.local_stack.stack import EMULATOR_PYTHON
from simulator.emulator.process import ROOT, EmulatorProcess
from tests.emulator.guarded import KEYS, NAME, Call, Guarded

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator contract")]

ROW = {key: {"S": "fake"} for key in KEYS}


def _of_table(operation: str, *, needs: str = "", on: str = "table", **parameters: Any) -> Call:
    return Call(operation, f"dynamodb:{needs or operation}", on, parameters)


def _of_queue(operation: str, **parameters: Any) -> Call:
    return Call(operation, f"sqs:{operation}", "queue", parameters)


def _by(key: str) -> dict[str, Any]:
    return {
        "TableName": NAME,
        "KeyConditionExpression": "#key = :value",
        "ExpressionAttributeNames": {"#key": key},
        "ExpressionAttributeValues": {":value": ROW[key]},
    }


CALLS = (
    _of_table("GetItem", TableName=NAME, Key=ROW),
    _of_table("BatchGetItem", RequestItems={NAME: {"Keys": [ROW]}}),
    _of_table("Query", **_by("owner")),
    _of_table("Query", on="index", IndexName="by_other", **_by("other")),
    _of_table("PutItem", TableName=NAME, Item=ROW),
    _of_table("BatchWriteItem", RequestItems={NAME: [{"PutRequest": {"Item": ROW}}]}),
    _of_table("UpdateItem", TableName=NAME, Key=ROW),
    _of_table("DeleteItem", TableName=NAME, Key=ROW),
    _of_table(
        "TransactWriteItems",
        needs="DeleteItem",
        TransactItems=[{"Delete": {"TableName": NAME, "Key": ROW}}],
    ),
    _of_queue("SendMessage", MessageBody="{}"),
    _of_queue("ReceiveMessage"),
    _of_queue("DeleteMessage", ReceiptHandle="fake"),
    Call("GenerateDataKey", "kms:GenerateDataKey", "key", {"KeySpec": "AES_256"}),
    Call("Decrypt", "kms:Decrypt", "key", {"CiphertextBlob": b"fake"}),
    Call("GetSecretValue", "secretsmanager:GetSecretValue", "secret", {}),
)
"""Every kind of call that our functions make."""


@pytest.fixture(scope="module")
def guarded(emulator: EmulatorProcess) -> Guarded:
    return Guarded(emulator.url)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.operation} on {call.on}")
def test_a_call_needs_its_own_action_on_its_own_resource(guarded: Guarded, call: Call) -> None:
    own = (call.action, call.on)
    others = [(one.action, one.on) for one in CALLS if (one.action, one.on) != own]
    assert guarded.may(call, [own])
    assert not guarded.may(call, others)


# A schedule takes a minute: this hands events over without one.
HAND_OVER = """
import json
from ministack.services import eventbridge, lambda_svc
from simulator.emulator import permissions
eventbridge._dispatch_to_lambda = lambda function, payload: print(json.loads(payload)["id"])
permissions.invoke_only_with_permission()
lambda_svc._functions["tick"] = {"policy": {"Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Resource": lambda_svc._func_arn("tick"),
    "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:events:us-east-1:000000000000:rule/own"}},
}]}}
for function, rule in (("tick", "own"), ("tick", "other"), ("unknown", "own")):
    arn = f"arn:aws:events:us-east-1:000000000000:rule/{rule}"
    event = {"id": rule, "detail-type": "Scheduled Event", "resources": [arn]}
    eventbridge._dispatch_to_lambda(function, json.dumps(event))
"""


def test_a_schedule_invokes_only_functions_that_let_it() -> None:
    command = [str(EMULATOR_PYTHON), "-c", HAND_OVER]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    assert ended.stdout.split() == ["own"]
