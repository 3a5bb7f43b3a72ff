"""Decode DynamoDB responses into botocore's form: binary attributes are bytes."""

from typing import Any, TypedDict, cast

import msgspec


class _Value(TypedDict, total=False):
    S: str
    N: str
    B: bytes
    BOOL: bool
    NULL: bool
    SS: list[str]
    NS: list[str]
    BS: list[bytes]
    L: "list[_Value]"
    M: "dict[str, _Value]"


_Item = dict[str, _Value]


class _Answer(TypedDict, total=False):
    """Response of any operation; unknown members are ignored."""

    Item: _Item
    Attributes: _Item
    Items: list[_Item]
    Responses: dict[str, list[_Item]]
    LastEvaluatedKey: _Item
    UnprocessedKeys: dict[str, Any]
    UnprocessedItems: dict[str, Any]
    Count: int
    ScannedCount: int
    ConsumedCapacity: Any
    ItemCollectionMetrics: Any


_with_items = msgspec.json.Decoder(_Answer)
_any = msgspec.json.Decoder(dict[str, Any])
_OF_ITEMS = frozenset(
    (
        "GetItem",
        "BatchGetItem",
        "Query",
        "Scan",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "BatchWriteItem",
    )
)


def read(operation: str, body: bytes) -> dict[str, Any]:
    """The response of `operation` of any service. Raises msgspec.DecodeError."""
    answer: Any = (_with_items if operation in _OF_ITEMS else _any).decode(body)
    return cast(dict[str, Any], answer)


def read_refusal(body: bytes) -> dict[str, Any]:
    """The error in an unsuccessful response. Raises msgspec.DecodeError."""
    return _any.decode(body)
