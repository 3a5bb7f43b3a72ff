"""Rows in DynamoDB's own form, where models would be too slow."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from pynamodb.connection import TableConnection
from pynamodb.models import Model

from topk.domain.errors import StoreError
from topk.stores.dynamodb.fast_client import begin_call

_KEYS = 100
"""DynamoDB's limit for one call."""
_TRIES = 10
_Later = Callable[[], Mapping[str, Any]]
_Missing = TypeVar("_Missing", int, None)

Row = Mapping[str, Mapping[str, Any]]
"""Name of an attribute -> {type: value}; numbers are text, binary ones bytes."""


def query(
    model: type[Model],
    partition: str,
    *,
    first: str | None = None,
    last: str | None = None,
    consistent: bool = False,
) -> Iterator[Row]:
    """The rows of a partition in the order of their range keys, from `first` to `last`.

    A `last` needs a `first`. Raises botocore's errors, and PynamoDB's where the table is unknown.
    """
    return begin_query(model, partition, first=first, last=last, consistent=consistent)()


def begin_query(
    model: type[Model],
    partition: str,
    *,
    first: str | None = None,
    last: str | None = None,
    consistent: bool = False,
) -> Callable[[], Iterator[Row]]:
    """A started `query`; its rows are awaited when the result is called."""
    table = model._get_connection()  # noqa: SLF001 - as the model itself asks
    asked: dict[str, Any] = {
        "TableName": table.table_name,
        "KeyConditionExpression": f"(#0 = :0{_range(first, last)})",
        "ExpressionAttributeNames": {"#0": model._hash_keyname},  # noqa: SLF001
        "ExpressionAttributeValues": {":0": {"S": partition}},
        "ConsistentRead": consistent,
    }
    if first is not None:
        asked["ExpressionAttributeNames"]["#1"] = model._range_keyname  # noqa: SLF001
        asked["ExpressionAttributeValues"][":1"] = {"S": first}
    if last is not None:
        asked["ExpressionAttributeValues"][":2"] = {"S": last}
    return partial(_pages, table, asked, _begin(table, "Query", asked))


def _pages(table: TableConnection, asked: dict[str, Any], begun: _Later) -> Iterator[Row]:
    answer = begun()
    yield from answer["Items"]
    while "LastEvaluatedKey" in answer:
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        answer = _answer(table, "Query", asked)
        yield from answer["Items"]


def _range(first: str | None, last: str | None) -> str:
    if first is None:
        return ""
    return " AND #1 >= :1" if last is None else " AND #1 BETWEEN :1 AND :2"


def get(model: type[Model], key: tuple[str, ...]) -> Row | None:
    """The row of `key` (partition, range key where there is one) as last written.

    Raises as `query` does.
    """
    table = model._get_connection()  # noqa: SLF001
    asked = {"TableName": table.table_name, "Key": key_of(model, key), "ConsistentRead": True}
    found: Row | None = _answer(table, "GetItem", asked).get("Item")
    return found


def get_many(model: type[Model], keys: Iterable[tuple[str, ...]]) -> Iterator[Row]:
    """The rows of `keys` that exist, as last written, in no order.

    Raises as `query` does, and StoreError where DynamoDB leaves some aside again and again.
    """
    wanted = [key_of(model, key) for key in {*keys}]
    table = model._get_connection()  # noqa: SLF001
    for at in range(0, len(wanted), _KEYS):
        asked = {table.table_name: {"Keys": wanted[at : at + _KEYS], "ConsistentRead": True}}
        for _, row in of_batch(table.connection.client, asked, tries=_TRIES):
            yield row


def key_of(model: type[Model], key: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """`key` in DynamoDB's own terms."""
    return {name: {"S": part} for name, part in zip(key_names(model), key, strict=True)}


def key_names(model: type[Model]) -> tuple[str, ...]:
    """Of the partition's key and, where there is one, of the range key."""
    return tuple(filter(None, (model._hash_keyname, model._range_keyname)))  # noqa: SLF001


def text(row: Row, name: str) -> str:
    """Empty where the row has none."""
    return row[name]["S"] if name in row else ""


def number(row: Row, name: str, missing: _Missing) -> int | _Missing:
    return int(row[name]["N"]) if name in row else missing


def of_batch(
    client: Any, asked: Mapping[str, Any], *, tries: int
) -> list[tuple[str, dict[str, Any]]]:
    """The rows of `asked`, the items of a BatchGetItem, each with its table.

    Unprocessed keys are requested again. Raises the client's errors, and StoreError if some are
    left after `tries`.
    """
    found: list[tuple[str, dict[str, Any]]] = []
    for _ in range(tries):
        answer = client.batch_get_item(RequestItems=asked)
        found += [(table, row) for table, rows in answer["Responses"].items() for row in rows]
        if not (asked := answer.get("UnprocessedKeys") or {}):
            return found
    raise StoreError("keys left unprocessed")


def begin_put(model: type[Model], item: Row, condition: Mapping[str, Any]) -> Callable[[], object]:
    """Start writing the row if `condition`, a DynamoDB expression, holds.

    The result waits for completion and raises as `query` does.
    """
    table = model._get_connection()  # noqa: SLF001
    asked = {"TableName": table.table_name, "Item": item}
    return _begin(table, "PutItem", {**asked, **condition})


def update(
    model: type[Model],
    key: tuple[str, ...],
    values: Mapping[str, str | int | None],
    *,
    replacing: tuple[str, int],
) -> None:
    """Set attributes of the row of `key`, and remove those that are None.

    `replacing` is the attribute that tells the row's version, and the one that must still be there.
    A model's own update costs five times as much. Raises as `query` does.
    """
    table = model._get_connection()  # noqa: SLF001
    version, expected = replacing
    names, told = {"#v": version}, {":v": {"N": str(expected)}}
    kept: list[str] = []
    gone: list[str] = []
    for at, (name, value) in enumerate(values.items()):
        names[f"#{at}"] = name
        if value is None:
            gone.append(f"#{at}")
        else:
            kept.append(f"#{at} = :{at}")
            told[f":{at}"] = {"S": value} if isinstance(value, str) else {"N": str(value)}
    asked = {
        "TableName": table.table_name,
        "Key": key_of(model, key),
        "UpdateExpression": f"SET {', '.join(kept)}" + f" REMOVE {', '.join(gone)}" * bool(gone),
        "ConditionExpression": "#v = :v",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": told,
    }
    _answer(table, "UpdateItem", asked)


def _answer(table: TableConnection, operation: str, asked: dict[str, Any]) -> Mapping[str, Any]:
    return _begin(table, operation, asked)()


def _begin(table: TableConnection, operation: str, asked: dict[str, Any]) -> _Later:
    return begin_call(table.connection.client, operation, asked)
