"""Tables in memory: items by their keys, with the indexes over them."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.stand_in.expressions import ordered
from simulator.stand_in.item_sizes import Item, Value, bytes_of, write_units

Key = tuple[Any, ...]


@dataclass
class Table:
    """`hash_name` and `range_name` (empty where there is none) are the names of its key."""

    hash_name: str
    range_name: str
    items: dict[Any, dict[Any, Item]] = field(default_factory=lambda: defaultdict(dict))
    order: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))
    indexes: dict[str, "Index"] = field(default_factory=dict)

    def key_of(self, item: Mapping[str, Value]) -> Key:
        """Raises KeyError where `item` has no key of this table."""
        first = ordered(item[self.hash_name])
        return first, ordered(item[self.range_name]) if self.range_name else b""

    def get(self, key: Mapping[str, Value]) -> Item | None:
        first, second = self.key_of(key)
        return self.items[first].get(second)

    def put(self, key: Mapping[str, Value], item: Item | None) -> int:
        """Stores `item` under `key`, or removes what is there; returns the write units."""
        first, second = self.key_of(key)
        before = self.items[first].pop(second, None)
        of_first = self.order[first]
        if before is None and item is not None:
            insort(of_first, second)
        if before is not None and item is None:
            del of_first[bisect_left(of_first, second)]
        if item is not None:
            self.items[first][second] = item
        return write_units(bytes_of(before), bytes_of(item)) + sum(
            index.follow(before, item) for index in self.indexes.values()
        )

    def partition(self, value: Value, *, backwards: bool = False) -> Iterator[Item]:
        """The items under one hash key, in order."""
        first = ordered(value)
        for second in (reversed if backwards else iter)(self.order[first]):
            yield self.items[first][second]


@dataclass
class Index(Table):
    """A global secondary index with all attributes. An item without its keys is not in it."""

    keys: Sequence[str] = ()

    def key_of(self, item: Mapping[str, Value]) -> Key:
        first, second = super().key_of(item)
        return first, (second, *(ordered(item[name]) for name in self.keys))

    def follow(self, before: Item | None, after: Item | None) -> int:
        """Takes over a change of the table; returns the write units that it costs.

        An item whose index key changed is removed and written anew.
        """
        old = before if before and self._holds(before) else None
        new = after if after and self._holds(after) else None
        if old == new:
            return 0
        if old and new and self.key_of(old) == self.key_of(new):
            return self.put(new, new)
        return (self.put(old, None) if old else 0) + (self.put(new, new) if new else 0)

    def _holds(self, item: Mapping[str, Value]) -> bool:
        return self.hash_name in item and (not self.range_name or self.range_name in item)
