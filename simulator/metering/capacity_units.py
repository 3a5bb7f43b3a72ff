"""The capacity units that a request to DynamoDB consumes.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
A write unit is one write of up to 1 KB, a read unit one strongly consistent read of up to 4 KB; an
eventually consistent read is half of that, and what is transacted is double.
Tables of this service have no indexes, which would be written and paid for beside.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from simulator.metering.item_size import Item, item_size

WRITE_BYTES, READ_BYTES = 1024, 4096
Look = Callable[[str, Mapping[str, Any]], Item | None]
"""The item of a table (by name) that has the attributes of a key."""
KeysOf = Callable[[str], Iterable[str]]
"""The names of a table's keys, the partition's first."""
Call = Mapping[str, Any]


class Units(NamedTuple):
    """What one request consumed of one key. `key` is in DynamoDB's JSON; of a query, its answer's
    partition is unknown to the meter, so that it is empty. `size` is of the item, in bytes."""

    table: str
    key: Mapping[str, Any]
    read: float
    write: float
    size: int


def written(size: int) -> int:
    return max(1, math.ceil(size / WRITE_BYTES))


def read(size: int, *, consistent: bool) -> float:
    return max(1, math.ceil(size / READ_BYTES)) * (1.0 if consistent else 0.5)


KEYED = frozenset({"PutItem", "UpdateItem", "DeleteItem"})


def keys_written(
    operation: str, call: Call, keys_of: Callable[[str], Iterable[str]]
) -> list[Units]:
    """The keys that a request writes, without units yet. `keys_of` names the keys of a table."""
    if operation in KEYED:
        whole = call.get("Key") or call["Item"]
        return [_key(call["TableName"], whole, keys_of)]
    if operation == "BatchWriteItem":
        return [
            _key(table, one[next(iter(one))].get("Item") or one[next(iter(one))]["Key"], keys_of)
            for table, requests in call["RequestItems"].items()
            for one in requests
        ]
    if operation == "TransactWriteItems":
        return [
            _key(of["TableName"], of.get("Key") or of["Item"], keys_of)
            for one in call["TransactItems"]
            for of in one.values()
        ]
    return []


def _key(table: str, whole: Mapping[str, Any], keys_of: KeysOf) -> Units:
    return Units(table, {name: whole[name] for name in keys_of(table)}, 0.0, 0.0, 0)


def of_writes(
    operation: str, keys: Iterable[Units], before: Iterable[Item | None], look: Look
) -> list[Units]:
    """Each write costs the larger of what stood there and what stands there after it.

    So does one whose condition failed, which leaves what stood there.
    """
    times = 2 if operation == "TransactWriteItems" else 1
    found = []
    for key, old in zip(keys, before, strict=True):
        size = max(item_size(old), item_size(look(key.table, key.key)))
        found.append(key._replace(write=written(size) * times, size=size))
    return found


def of_reads(operation: str, call: Call, answer: Call, look: Look) -> list[Units]:
    """A read of nothing costs as much as one of something small, one of some attributes as much as
    one of all.
    """
    match operation:
        case "GetItem":
            return [_of_key(call["TableName"], call["Key"], call, look)]
        case "Query" | "Scan":
            # One sum over all items, rounded once.
            size = sum(item_size(one) for one in answer.get("Items", ()))
            units = read(size, consistent=bool(call.get("ConsistentRead")))
            return [Units(call["TableName"], _partition(call), units, 0.0, size)]
        case "BatchGetItem":
            return [
                unit
                for table, wanted in call["RequestItems"].items()
                for unit in (_of_key(table, key, wanted, look) for key in wanted["Keys"])
            ]
        case _:
            return []


def _partition(call: Call) -> Mapping[str, Any]:
    """The first value that a query's condition names is that of its partition."""
    values = call.get("ExpressionAttributeValues") or {}
    return dict(list(values.items())[:1])


def _of_key(table: str, key: Mapping[str, Any], asked: Call, look: Look) -> Units:
    """Each item is rounded by itself."""
    size = item_size(look(table, key))
    return Units(table, key, read(size, consistent=bool(asked.get("ConsistentRead"))), 0.0, size)
