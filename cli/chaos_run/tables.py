"""Tables in memory with DynamoDB's semantics, each item with its recent past.

An eventually consistent read may give any state that an item had within `LAG_SECONDS`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.chaos_run.expressions import Call, Condition, Item, UnreadableError, condition, plain
from cli.chaos_run.updates import update

LAG_SECONDS = 2.0
Key = tuple[str, str]
"""Hash key and range key, empty where the table has none."""
Written = Callable[[str, Key, Item | None, Item | None], None]
"""Told the table, the key, and the item before and after."""


class ConditionFailedError(Exception):
    """The condition of a write did not hold."""


@dataclass(slots=True)
class _Row:
    """The states of an item, oldest first, each with the moment from which it stands."""

    states: list[tuple[float, Item | None]]

    def at(self, moment: float) -> Item | None:
        return next((item for since, item in reversed(self.states) if since <= moment), None)

    def put(self, item: Item | None, now: float) -> None:
        recent = [state for state in self.states[-3:] if state[0] > now - LAG_SECONDS]
        self.states = [self.states[-len(recent) - 1], *recent, (now, item)]


@dataclass
class Table:
    """`keys` are the names of the hash and, if any, the range key."""

    name: str
    keys: tuple[str, ...]
    now: Callable[[], float]
    written: Written
    _rows: dict[str, dict[str, _Row]] = field(default_factory=dict)

    def key(self, item: Mapping[str, Any]) -> Key:
        hash_key, *range_key = (next(iter(item[name].values())) for name in self.keys)
        return hash_key, range_key[0] if range_key else ""

    def get(self, key: Key, *, moment: float | None = None) -> Item | None:
        """The item as it was at `moment`; as last written where that is None."""
        row = self._rows.get(key[0], {}).get(key[1])
        if row is None:
            return None
        return row.states[-1][1] if moment is None else row.at(moment)

    def put(self, item: Item, holds: Condition | None, call: Mapping[str, Any]) -> None:
        self._write(self.key(item), dict(item), holds, call)

    def delete(self, key: Key, holds: Condition | None, call: Mapping[str, Any]) -> None:
        self._write(key, None, holds, call)

    def update(self, wire_key: Item, call: Mapping[str, Any]) -> Item:
        """The item as changed; an item that is not there is made."""
        key = self.key(wire_key)
        before = self.get(key) or {}
        self._hold(before, _condition(call), call)
        changed = update(call["UpdateExpression"])(_call(before or dict(wire_key), call))
        self._store(key, changed | wire_key)
        return changed

    def query(self, call: Mapping[str, Any], moment: float | None) -> list[Item]:
        """The items of one hash key that hold, by range key; not yet cut to a page.

        Those of an index come by the table's own keys: nobody asks for more than all of them.
        """
        holds = condition(call["KeyConditionExpression"])
        filtered = call.get("FilterExpression")
        wanted = condition(filtered) if filtered else None
        found = []
        indexed = "IndexName" in call
        for hash_key in sorted(self._rows) if indexed else _equal_to(call, self.keys[0]):
            rows = self._rows.get(hash_key, {})
            for range_key in sorted(rows, reverse=not call.get("ScanIndexForward", True)):
                item = self.get((hash_key, range_key), moment=moment)
                if item and holds(_call(item, call)) and (not wanted or wanted(_call(item, call))):
                    found.append(item)
        return found

    def items(self) -> Iterator[Item]:
        """All items as last written, by key."""
        for _, rows in sorted(self._rows.items()):
            for _, row in sorted(rows.items()):
                if item := row.states[-1][1]:
                    yield item

    def _write(
        self, key: Key, item: Item | None, holds: Condition | None, call: Mapping[str, Any]
    ) -> None:
        self._hold(self.get(key) or {}, holds, call)
        self._store(key, item)

    def _hold(self, item: Item, holds: Condition | None, call: Mapping[str, Any]) -> None:
        if holds and not holds(_call(item, call)):
            raise ConditionFailedError

    def _store(self, key: Key, item: Item | None) -> None:
        before = self.get(key)
        rows = self._rows.setdefault(key[0], {})
        row = rows.setdefault(key[1], _Row([(0.0, None)]))
        row.put(item, self.now())
        self.written(self.name, key, before, item)


def _condition(call: Mapping[str, Any]) -> Condition | None:
    text = call.get("ConditionExpression")
    return condition(text) if text else None


def _call(item: Item, call: Mapping[str, Any]) -> Call:
    return Call(
        item,
        call.get("ExpressionAttributeNames") or {},
        call.get("ExpressionAttributeValues") or {},
    )


def _equal_to(call: Mapping[str, Any], hash_name: str) -> list[str]:
    """The hash key that a query names: its condition begins with `name = :value`."""
    name, _, value = call["KeyConditionExpression"].replace("(", " ").split()[:3]
    found = _call({}, call)
    if found.names.get(name, name) != hash_name:
        raise UnreadableError("a query names the hash key first")
    return [str(plain(found.values[value.rstrip(")")]))]
