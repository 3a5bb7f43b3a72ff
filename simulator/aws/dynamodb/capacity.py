"""Capacity units of reads and writes.

Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html

| operation | units |
|---|---|
| write | 1 for each started KB of the larger of the item before and after, at least 1 |
| refused conditional write | as a write that leaves the item as it is |
| delete | by the size of the item that was there |
| strongly consistent read | 1 for each started 4 KB, at least 1 |
| eventually consistent read | half of that |
| BatchGetItem, BatchWriteItem | each item by itself |
| Query, Scan | the sum of the sizes of all items read, rounded up once |
| query of an index | by the size of what the index holds |
| transaction | twice each write |
| write to an index | each entry written or removed: two for a new key, none where it stays |
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

WRITE_BYTES, READ_BYTES = 1024, 4096


class Units(NamedTuple):
    """What a call consumed for one item, or for one query. `partition` is the key's first value."""

    table: str
    partition: str
    read: float
    write: float


def write_units(*sizes: int) -> int:
    """Of a write to an item that had and has these sizes in bytes."""
    return max(1, math.ceil(max(sizes) / WRITE_BYTES))


def read_units(size: int, *, consistent: bool) -> float:
    """Of a read of `size` bytes."""
    return max(1, math.ceil(size / READ_BYTES)) * (1.0 if consistent else 0.5)


def consumed_capacity(consumed: list[Units]) -> list[Mapping[str, Any]]:
    """`ConsumedCapacity` as a response states it: one entry for each table."""
    by_table: dict[str, float] = {}
    for one in consumed:
        by_table[one.table] = by_table.get(one.table, 0.0) + one.read + one.write
    return [
        {"TableName": table, "CapacityUnits": float(units)} for table, units in by_table.items()
    ]
