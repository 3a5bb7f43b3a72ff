"""The tables of an account, and the steps that all operations share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from simulator.aws.dynamodb.changes import Change, OnChange
from simulator.aws.dynamodb.item_size import Item, item_size
from simulator.aws.dynamodb.tables import Key, Table
from simulator.aws.errors import AwsError, invalid

ITEM_BYTES = 400 * 1024
"""Largest size of an item."""


@dataclass(slots=True)
class Store:
    """`now` returns epoch seconds."""

    now: Callable[[], float]
    on_change: OnChange
    tables: dict[str, Table] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """The table with a name or ARN. Raises AwsError if there is none."""
        found = self.tables.get(name.rpartition("/")[2])
        if found is None:
            raise AwsError("ResourceNotFoundException", "Requested resource not found")
        return found

    def put(self, table: Table, key: Key, before: Item | None, after: Item | None) -> int:
        """Stores `after` in place of `before`. Returns the write units."""
        if item_size(after) > ITEM_BYTES:
            raise invalid("Item size has exceeded the maximum allowed size")
        if after is not None:
            table.check_indexed(after)
        units = table.put(key, after, self.now())
        self.on_change(Change(table.name, table.key_names, before, after))
        return units


def check_count(items: int, most: int) -> None:
    """Raises AwsError unless a request has 1 to `most` items."""
    if not 0 < items <= most:
        raise invalid(f"Between 1 and {most} items may be requested, not {items}")


def check_distinct(keys: Iterable[Any]) -> None:
    """Raises AwsError if a request names an item twice."""
    listed = list(keys)
    if len(listed) > len({*listed}):
        raise invalid("Provided list of item keys contains duplicates")
