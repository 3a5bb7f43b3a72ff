"""Describes an AWS call for one line of a trace: the operation and its table, queue or object."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cli.local_stack.table_definitions import table_definitions
from simulator.aws.calls import Call

Request = Mapping[str, Any]
_SHOWN = 60


def description(call: Call) -> str:
    """The description; it contains no secrets."""
    about = _ABOUT.get(call.service)
    return f"{call.operation} {about(call.request)}" if about else call.operation


def _of_dynamodb(request: Request) -> str:
    if name := request.get("TableName"):
        return f"{name} {_key(name, request)[:_SHOWN]}"
    if batch := request.get("RequestItems"):
        return ", ".join(f"{name} x{_count(items)}" for name, items in batch.items())
    return f"x{len(request['TransactItems'])}"


def _key(table: str, request: Request) -> str:
    """The key of an item; for a query its partition key, which is the first value."""
    item = request.get("Key") or request.get("Item")
    if item is None:
        return _text(next(iter(request["ExpressionAttributeValues"].values())))
    return " ".join(_text(item[name]) for name in _key_names()[table])


def _text(value: Mapping[str, Any]) -> str:
    return str(next(iter(value.values())))


def _count(batch: Any) -> int:
    return len(batch["Keys"] if isinstance(batch, dict) else batch)


def _of_sqs(request: Request) -> str:
    queue = request["QueueUrl"]
    if entries := request.get("Entries"):
        return f"{queue} x{len(entries)}"
    if receipt := request.get("ReceiptHandle"):
        return f"{queue} {receipt.partition('-')[0]}"
    if "MessageBody" in request:
        attributes = request.get("MessageAttributes", {})
        return f"{queue} {attributes.get('reason', {}).get('StringValue', '')}"
    return str(queue)


_ABOUT: Mapping[str, Callable[[Request], str]] = {
    "dynamodb": _of_dynamodb,
    "sqs": _of_sqs,
    "s3": lambda request: str(request.get("Key") or request.get("Prefix", "")),
    "events": lambda request: f"x{len(request['Entries'])}",
    "secretsmanager": lambda request: str(request["SecretId"]),
}


@cache
def _key_names() -> Mapping[str, list[str]]:
    return {
        table["TableName"]: [key["AttributeName"] for key in table["KeySchema"]]
        for table in table_definitions()
    }
