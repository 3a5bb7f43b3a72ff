"""Requests one above each limit, and the error that AWS documents for it.

Codes are those of botocore's service models, or of the list of common errors of the service:
https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.emulator.limits.account import NAME, TRUST, Account, arn, policy

KB, MB = 1024, 1024 * 1024
INVALID, CONSTRAINT = "InvalidParameterValueException", "ValidationException"
Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """`members` of a refused call to `operation`, with the error `code` and a part of the
    message."""

    limit: str
    operation: str
    members: Callable[[Account], Members]
    code: str
    message: str = ""
    service: str = field(default="")


def _requests(service: str, of: str) -> Callable[..., Request]:
    def request(
        limit: str, operation: str, code: str, message: str = "", **members: Any
    ) -> Request:
        made = members.pop("made", lambda _: members)
        return Request(f"{of}: {limit}", operation, made, code, message, service)

    return request


def _text(size: int) -> dict[str, str]:
    return {"S": "x" * size}


def _item(number: int = 0, *, size: int = 1) -> dict[str, Any]:
    return {"p": {"S": "p"}, "s": {"S": str(number)}, "d": _text(size)}


def _key(number: int) -> dict[str, Any]:
    return {name: value for name, value in _item(number).items() if name != "d"}


def _put(number: int = 0, *, size: int = 1) -> dict[str, Any]:
    return {"Put": {"TableName": NAME, "Item": _item(number, size=size)}}


def _messages(count: int, size: int = 1, **more: Any) -> list[dict[str, Any]]:
    return [{"Id": str(number), "MessageBody": "x" * size, **more} for number in range(count)]


def _to_queue(**members: Any) -> Callable[[Account], Members]:
    return lambda account: {"QueueUrl": account.queue, **members}


def _mapping(**members: Any) -> Callable[[Account], Members]:
    return lambda account: {
        "FunctionName": NAME,
        "EventSourceArn": arn(account.queue),
        **members,
    }


_lambda, _sqs = _requests("lambda", "Lambda"), _requests("sqs", "SQS")
_dynamodb, _iam = _requests("dynamodb", "DynamoDB"), _requests("iam", "IAM")
_events = _requests("events", "EventBridge")
_configure = {"FunctionName": NAME}
_attribute = {"DataType": "String", "StringValue": "x"}

REQUESTS = (
    _lambda(
        "environment",
        "update_function_configuration",
        INVALID,
        "exceeded the 4KB limit",
        **_configure,
        # 4,097 bytes as JSON.
        Environment={"Variables": {"A": "x" * (4 * KB - 7)}},
    ),
    _lambda(
        "environment",
        "create_function",
        INVALID,
        "exceeded the 4KB limit",
        FunctionName="new",
        Environment={"Variables": {"A": "x" * (4 * KB - 7)}},
    ),
    _lambda(
        "variables set by Lambda",
        "update_function_configuration",
        INVALID,
        "Reserved keys used in this request: AWS_REGION",
        **_configure,
        Environment={"Variables": {"AWS_REGION": "us-east-1"}},
    ),
    _lambda(
        "timeout of a function",
        "update_function_configuration",
        CONSTRAINT,
        "'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
        **_configure,
        Timeout=901,
    ),
    _lambda(
        "memory of a function",
        "update_function_configuration",
        CONSTRAINT,
        "Member must have value less than or equal to 10240",
        **_configure,
        MemorySize=10_241,
    ),
    _lambda(
        "synchronous request",
        "invoke",
        "RequestTooLargeException",
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
        **_configure,
        Payload=json.dumps("x" * (6 * MB)),
    ),
    _lambda(
        "asynchronous request",
        "invoke",
        "RequestTooLargeException",
        "too large for the Event invocation type (limit 1048576 bytes)",
        **_configure,
        InvocationType="Event",
        Payload=json.dumps("x" * MB),
    ),
    _lambda(
        "unreserved concurrency of an account",
        "put_function_concurrency",
        INVALID,
        "below its minimum value of [100]",
        **_configure,
        ReservedConcurrentExecutions=901,
    ),
    _lambda(
        "visibility timeout of a source queue",
        "create_event_source_mapping",
        INVALID,
        "Queue visibility timeout: 0 seconds is less than Function timeout: 1 seconds",
        made=lambda account: {"FunctionName": NAME, "EventSourceArn": arn(account.hasty_queue)},
    ),
    _lambda(
        "batch of a mapping",
        "create_event_source_mapping",
        CONSTRAINT,
        "Member must have value less than or equal to 10000",
        made=_mapping(BatchSize=10_001, MaximumBatchingWindowInSeconds=1),
    ),
    _lambda(
        "batch without a window",
        "create_event_source_mapping",
        INVALID,
        "Maximum batch window in seconds must be greater than 0",
        made=_mapping(BatchSize=11),
    ),
    _lambda(
        "batching window",
        "create_event_source_mapping",
        CONSTRAINT,
        "Member must have value less than or equal to 300",
        made=_mapping(MaximumBatchingWindowInSeconds=301),
    ),
    _lambda(
        "concurrency of a mapping",
        "create_event_source_mapping",
        CONSTRAINT,
        "Member must have value greater than or equal to 2",
        made=_mapping(ScalingConfig={"MaximumConcurrency": 1}),
    ),
    _sqs(
        "message",
        "send_message",
        "InvalidParameterValue",
        "Message must be shorter than 1048576 bytes",
        made=_to_queue(MessageBody="x" * (MB + 1)),
    ),
    _sqs(
        "message with attributes",
        "send_message",
        "InvalidParameterValue",
        "Message must be shorter than 1048576 bytes",
        made=_to_queue(MessageBody="x" * MB, MessageAttributes={"a": _attribute}),
    ),
    _sqs(
        "attributes of a message",
        "send_message",
        "InvalidParameterValue",
        "exceeds the allowed maximum [10]",
        made=_to_queue(
            MessageBody="x",
            MessageAttributes={f"a{number}": _attribute for number in range(11)},
        ),
    ),
    _sqs(
        "messages of a batch",
        "send_message_batch",
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        made=_to_queue(Entries=_messages(11)),
    ),
    _sqs(
        "size of a batch",
        "send_message_batch",
        "AWS.SimpleQueueService.BatchRequestTooLong",
        made=_to_queue(Entries=_messages(2, MB // 2 + 1)),
    ),
    _sqs(
        "delay",
        "send_message",
        "InvalidParameterValue",
        "Value 901 for parameter DelaySeconds is invalid",
        made=_to_queue(MessageBody="x", DelaySeconds=901),
    ),
    _sqs(
        "visibility timeout of a message",
        "change_message_visibility",
        "InvalidParameterValue",
        "Value 43201 for parameter VisibilityTimeout is invalid",
        made=lambda account: {
            "QueueUrl": account.queue,
            "ReceiptHandle": account.receipt,
            "VisibilityTimeout": 43_201,
        },
    ),
    _sqs(
        "visibility timeout of a queue",
        "create_queue",
        "InvalidAttributeValue",
        QueueName="new",
        Attributes={"VisibilityTimeout": "43201"},
    ),
    _sqs(
        "wait of a receiver",
        "receive_message",
        "InvalidParameterValue",
        "Value 21 for parameter WaitTimeSeconds is invalid",
        made=_to_queue(WaitTimeSeconds=21),
    ),
    _dynamodb(
        "item",
        "put_item",
        CONSTRAINT,
        "Item size has exceeded the maximum allowed size",
        TableName=NAME,
        Item=_item(size=400 * KB),
    ),
    _dynamodb(
        "actions of a transaction",
        "transact_write_items",
        CONSTRAINT,
        "Member must have length less than or equal to 100",
        TransactItems=[_put(number) for number in range(101)],
    ),
    _dynamodb(
        "size of a transaction",
        "transact_write_items",
        CONSTRAINT,
        TransactItems=[_put(number, size=390 * KB) for number in range(11)],
    ),
    _dynamodb(
        "keys of BatchGetItem",
        "batch_get_item",
        CONSTRAINT,
        "Member must have length less than or equal to 100",
        RequestItems={NAME: {"Keys": [_key(number) for number in range(101)]}},
    ),
    _dynamodb(
        "requests of BatchWriteItem",
        "batch_write_item",
        CONSTRAINT,
        "Member must have length less than or equal to 25",
        RequestItems={NAME: [{"PutRequest": {"Item": _item(number)}} for number in range(26)]},
    ),
    _dynamodb(
        "empty strings in keys",
        "put_item",
        CONSTRAINT,
        "The AttributeValue for a key attribute cannot contain an empty string value",
        TableName=NAME,
        Item={"p": {"S": ""}, "s": {"S": "s"}},
    ),
    _dynamodb(
        "partition key",
        "put_item",
        CONSTRAINT,
        "exceeded the size limit of 2048 bytes",
        TableName=NAME,
        Item={"p": _text(2049), "s": {"S": "s"}},
    ),
    _dynamodb(
        "sort key",
        "put_item",
        CONSTRAINT,
        "exceeded the size limit of 1024 bytes",
        TableName=NAME,
        Item={"p": {"S": "p"}, "s": _text(1025)},
    ),
    _dynamodb(
        "expression",
        "update_item",
        CONSTRAINT,
        "Expression size has exceeded the maximum allowed size",
        TableName=NAME,
        Key=_key(0),
        UpdateExpression="SET " + ", ".join(f"attribute{number} = :d" for number in range(300)),
        ExpressionAttributeValues={":d": {"S": "d"}},
    ),
    _iam(
        "managed policy",
        "create_policy",
        "LimitExceeded",
        "Cannot exceed quota for PolicySize: 6144",
        PolicyName="large",
        PolicyDocument=policy(["s3:GetObject"], "arn:aws:s3:::" + "x" * 6144),
    ),
    _iam(
        "inline policies of a role",
        "put_role_policy",
        "LimitExceeded",
        "Maximum policy size of 10240 bytes exceeded for role limited",
        RoleName=NAME,
        PolicyName="large",
        # With the policy that the role has, more than 10,240 characters.
        PolicyDocument=policy(["s3:GetObject"], "arn:aws:s3:::" + "x" * 10_120),
    ),
    _iam(
        "trust policy",
        "create_role",
        "LimitExceeded",
        "Cannot exceed quota for ACLSizePerRole: 2048",
        RoleName="large",
        AssumeRolePolicyDocument=TRUST.replace("lambda.", "x" * 2048 + "."),
    ),
    _requests("kms", "KMS")(
        "plaintext",
        "encrypt",
        CONSTRAINT,
        "Member must have length less than or equal to 4096",
        made=lambda account: {"KeyId": account.key, "Plaintext": b"x" * 4097},
    ),
    _requests("secretsmanager", "Secrets Manager")(
        "secret",
        "create_secret",
        CONSTRAINT,
        "Member must have length less than or equal to 65536",
        Name="large",
        SecretString="x" * 65_537,
    ),
    _events(
        "entries of PutEvents",
        "put_events",
        CONSTRAINT,
        "Member must have length less than or equal to 10",
        Entries=[{"Source": "x", "DetailType": "x", "Detail": "{}"}] * 11,
    ),
    _events(
        "size of PutEvents",
        "put_events",
        CONSTRAINT,
        "Total size of the entries in the request is over the limit.",
        Entries=[{"Source": "x", "DetailType": "x", "Detail": json.dumps("x" * (MB // 2))}] * 2,
    ),
    _requests("sns", "SNS")(
        "message",
        "publish",
        "InvalidParameter",
        "Message too long",
        made=lambda account: {
            "TopicArn": account.client("sns").create_topic(Name=NAME)["TopicArn"],
            "Message": "x" * (256 * KB + 1),
        },
    ),
)
