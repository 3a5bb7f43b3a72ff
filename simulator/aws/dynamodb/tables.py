"""Tables and their indexes: items by key, in order, each with its recent states.

An eventually consistent read may return any state that an item had within the table's `lag`.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.aws.dynamodb.capacity import write_units
from simulator.aws.dynamodb.item_size import Item, Value, item_size
from simulator.aws.dynamodb.values import comparable
from simulator.aws.errors import invalid

Key = tuple[Any, Any]
"""Partition key and sort key in comparable form; "" for no sort key."""
_KEY_BYTES = (2048, 1024)
"""Most bytes of a partition key and of a sort key:
docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""
_RECENT = 3
"""Most states that a row keeps in addition to the latest one."""


def check_key(part: Any, most: int) -> None:
    """Raises AwsError for a text or bytes that no key can have."""
    if not isinstance(part, str | bytes):
        return
    if not part:
        raise invalid("A key attribute cannot contain an empty string value")
    if len(part.encode() if isinstance(part, str) else part) > most:
        raise invalid(f"A key has exceeded the size limit of {most} bytes")


@dataclass(slots=True)
class _Row:
    """The states of an item, oldest first, each with the time from which it is valid."""

    states: list[tuple[float, Item | None]]

    @property
    def latest(self) -> Item | None:
        return self.states[-1][1]

    def at(self, moment: float) -> Item | None:
        return next((item for since, item in reversed(self.states) if since <= moment), None)

    def put(self, item: Item | None, now: float, lag: float) -> None:
        recent = [state for state in self.states[-_RECENT:] if state[0] > now - lag]
        older = self.states[-len(recent) - 1 : len(self.states) - len(recent)] if lag else []
        self.states = [*older, *recent, (now, item)] if lag else [(now, item)]


@dataclass(slots=True)
class _Partition:
    rows: dict[Any, _Row] = field(default_factory=dict)
    order: list[Any] = field(default_factory=list)
    """The sort keys, in order."""


@dataclass(slots=True)
class Table:
    """`key_names` are the names of the partition key and, if there is one, the sort key.

    Times are seconds. Without a `lag` every read returns the latest state.
    """

    name: str
    key_names: tuple[str, ...]
    lag: float = 0.0
    indexes: "dict[str, Index]" = field(default_factory=dict)
    _partitions: dict[Any, _Partition] = field(default_factory=dict)

    def key(self, item: Mapping[str, Value]) -> Key:
        """The key of `item`. Raises AwsError if a part of it is missing, empty or too long."""
        try:
            parts = [comparable(item[name]) for name in self.key_names]
        except KeyError as error:
            raise invalid(f"Missing the key {error} in the item") from None
        for part, most in zip(parts, _KEY_BYTES, strict=False):
            check_key(part, most)
        return parts[0], parts[1] if len(parts) > 1 else ""

    def check_indexed(self, item: Item) -> None:
        """Raises AwsError if a key of `item` in an index is empty or too long."""
        for index in self.indexes.values():
            for name, most in zip(index.key_names, _KEY_BYTES, strict=False):
                check_key(comparable(item.get(name)), most)

    def key_of(self, wire_key: Mapping[str, Value]) -> Key:
        """Like `key`, for a mapping that must hold only the key."""
        if len(wire_key) != len(self.key_names):
            raise invalid("The provided key element does not match the schema")
        return self.key(wire_key)

    def attributes(self, item: Mapping[str, Value]) -> Item:
        """The key of `item` in the format of responses."""
        return {name: item[name] for name in self.key_names}

    def get(self, key: Key, moment: float | None = None) -> Item | None:
        """The item at `moment`, by default its latest state."""
        partition = self._partitions.get(key[0])
        row = partition.rows.get(key[1]) if partition else None
        if row is None:
            return None
        return row.latest if moment is None else row.at(moment)

    def put(self, key: Key, item: Item | None, now: float) -> int:
        """Stores `item`, or deletes the current one if None. Returns the write units."""
        before = self.get(key)
        partition = self._partitions.setdefault(key[0], _Partition())
        row = partition.rows.get(key[1])
        if row is None:
            row = partition.rows[key[1]] = _Row([(0.0, None)])
            insort(partition.order, key[1])
        row.put(item, now, self.lag)
        if item is None and not self.lag:
            self._drop(key, partition)
        indexed = sum(index.follow(before, item, now) for index in self.indexes.values())
        return write_units(item_size(before), item_size(item)) + indexed

    def _drop(self, key: Key, partition: _Partition) -> None:
        del partition.rows[key[1]]
        del partition.order[bisect_left(partition.order, key[1])]
        if not partition.rows:
            del self._partitions[key[0]]

    def partition(
        self, hash_key: Any, *, backwards: bool = False, moment: float | None = None
    ) -> Iterator[tuple[Key, Item]]:
        """The items of one partition key, in the order of their sort keys."""
        partition = self._partitions.get(hash_key)
        if partition is None:
            return
        for sort_key in reversed(partition.order) if backwards else partition.order:
            item = self.get((hash_key, sort_key), moment)
            if item is not None:
                yield (hash_key, sort_key), item

    def items(self) -> Iterator[Item]:
        """The latest state of all items, in the order of their keys."""
        for hash_key in sorted(self._partitions):
            yield from (item for _, item in self.partition(hash_key))


@dataclass(slots=True)
class Index(Table):
    """A global secondary index. An item without the index's key is not in it.

    `projected` are the attributes it holds; None for all.
    """

    table_keys: tuple[str, ...] = ()
    projected: frozenset[str] | None = None

    def key(self, item: Mapping[str, Value]) -> Key:
        """The index's key with the table's, since several items may share the index's key."""
        first, second = Table.key(self, item)
        return first, (second, *(comparable(item[name]) for name in self.table_keys))

    def attributes(self, item: Mapping[str, Value]) -> Item:
        return {name: item[name] for name in (*self.key_names, *self.table_keys)}

    def follow(self, before: Item | None, after: Item | None, now: float) -> int:
        """Applies a write to the table. Returns its write units in the index."""
        old, new = self._entry(before), self._entry(after)
        if old == new:
            return 0
        if old and new and self.key(old) == self.key(new):
            return self.put(self.key(new), new, now)
        removed = self.put(self.key(old), None, now) if old else 0
        return removed + (self.put(self.key(new), new, now) if new else 0)

    def _entry(self, item: Item | None) -> Item | None:
        if item is None or not all(name in item for name in self.key_names):
            return None
        if self.projected is None:
            return item
        return {name: value for name, value in item.items() if name in self.projected}
