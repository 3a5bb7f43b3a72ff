"""The AWS calls of a function as permissions, and a role that refuses calls it lacks."""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from topk.stores.dynamodb.fast_client import FastClient

Permission = tuple[str, str]
"""Action, and the kind of resource: a table, a table's index, Queue, ErasureQueue, ImportQueue,
PurgeQueue, DeadLetters, Secret, TokenKey, EventBus, a bucket or a folder in it.
"""

_SINGLE = {"SendMessageBatch": "SendMessage"}
"""A batch of messages needs the permission of a single one (SQS API permissions reference)."""


@contextmanager
def role(allowed: Collection[Permission]) -> Iterator[set[Permission]]:
    """Refuses calls that are not `allowed`; yields the calls that were made."""
    asked: set[Permission] = set()
    with (
        _guarded(BaseClient, "_make_api_call", allowed, asked),
        _guarded(FastClient, "begin", allowed, asked),
    ):
        yield asked


def _guarded(
    kind: type, method: str, allowed: Collection[Permission], asked: set[Permission]
) -> AbstractContextManager[Any]:
    original = vars(kind)[method]

    def call(client: Any, operation: str, parameters: Any) -> Any:
        needed = set(_needed(client.meta.service_model.service_name, operation, parameters))
        asked.update(needed)
        if denied := needed.difference(allowed):
            lacking = f"the role lacks {denied}"
            raise ClientError(
                {"Error": {"Code": "AccessDeniedException", "Message": lacking}}, operation
            )
        return original(client, operation, parameters)

    return patch.object(kind, method, call)


def _needed(service: str, operation: str, parameters: Any) -> list[Permission]:
    action = f"{service}:{_SINGLE.get(operation, operation)}"
    match service:
        case "dynamodb":
            return _of_tables(operation, parameters)
        case "sqs":
            return [(action, _queue(parameters["QueueUrl"]))]
        case "kms":
            return [(action, "TokenKey")]
        case "events":
            return [(action, "EventBus")]
        case "s3":
            return [_of_bucket(operation, parameters["Bucket"], parameters.get("Key", ""))]
        case _:
            return [(action, "Secret")]


def _of_tables(operation: str, parameters: Any) -> list[Permission]:
    if operation == "TransactWriteItems":
        return [
            (f"dynamodb:{kind}Item", _pascal(one["TableName"]))
            for item in parameters["TransactItems"]
            for kind, one in item.items()
        ]
    index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
    tables = parameters.get("RequestItems") or [parameters["TableName"]]
    return [(f"dynamodb:{operation}", _pascal(table) + index) for table in tables]


def _of_bucket(operation: str, bucket: str, key: str) -> Permission:
    name = _pascal(bucket.rpartition("-")[2])
    if operation == "ListObjectsV2":
        return ("s3:ListBucket", name)
    return (f"s3:{operation}", f"{name}/{key.partition('/')[0]}/*")


def _queue(url: str) -> str:
    if url.endswith("-dead"):
        return "DeadLetters"
    own = {"-erasures": "ErasureQueue", "-imports": "ImportQueue", "-purges": "PurgeQueue"}
    return next((own[end] for end in own if url.endswith(end)), "Queue")


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
