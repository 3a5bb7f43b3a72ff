"""Writes: PutItem, UpdateItem, DeleteItem and BatchWriteItem."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.aws.calls import Answer, Call
from simulator.aws.dynamodb.capacity import Units, write_units
from simulator.aws.dynamodb.item_size import Item, item_size
from simulator.aws.dynamodb.requests import (
    Request,
    check_condition,
    check_placeholders,
    scope,
    update_of,
)
from simulator.aws.dynamodb.store import Store, check_count, check_distinct
from simulator.aws.dynamodb.tables import Key, Table
from simulator.aws.dynamodb.values import stored
from simulator.aws.errors import AwsError, NotSimulatedError, invalid

BATCH = 25
"""Most items of a BatchWriteItem."""


@dataclass(frozen=True, slots=True)
class Writes:
    store: Store

    def put(self, call: Call) -> Answer:
        item, table = stored(call.request["Item"]), self.store.table(call.request["TableName"])
        return self._write(call, table, table.key(item), lambda _: item)

    def delete(self, call: Call) -> Answer:
        table = self.store.table(call.request["TableName"])
        return self._write(call, table, table.key_of(call.request["Key"]), lambda _: None)

    def update(self, call: Call) -> Answer:
        request = call.request
        table = self.store.table(request["TableName"])
        key = table.key_of(request["Key"])
        return self._write(call, table, key, lambda before: updated(table, before, request))

    def _write(
        self, call: Call, table: Table, key: Key, change: Callable[[Item | None], Item | None]
    ) -> Answer:
        request = call.request
        check_placeholders(request)
        before = table.get(key)
        try:
            check_condition(before, request)
        except AwsError:
            units = write_units(item_size(before))
            call.consumed.append(Units(table.name, str(key[0]), 0.0, units))
            raise
        after = change(before)
        units = self.store.put(table, key, before, after)
        call.consumed.append(Units(table.name, str(key[0]), 0.0, units))
        return _returned(request, before, after)

    def batch_write(self, call: Call) -> Answer:
        asked: Mapping[str, list[Request]] = call.request["RequestItems"]
        check_count(sum(map(len, asked.values())), BATCH)
        left: dict[str, Any] = {}
        for name, requests in asked.items():
            table = self.store.table(name)
            check_distinct(key for key, _ in (_batched(table, one) for one in requests))
            written, rest = call.split(requests)
            for key, item in (_batched(table, one) for one in written):
                units = self.store.put(table, key, table.get(key), item)
                call.consumed.append(Units(table.name, str(key[0]), 0.0, units))
            if rest:
                left[name] = rest
        return {"UnprocessedItems": left}


def updated(table: Table, before: Item | None, request: Request) -> Item:
    """The item after an update, which creates it if it does not exist. Raises AwsError."""
    update = update_of(request)
    current = scope(before or request["Key"], request)
    if update.names(current) & {*table.key_names}:
        raise invalid("Cannot update an attribute that is part of the key")
    return stored(update.apply(current))


def _returned(request: Request, before: Item | None, after: Item | None) -> Answer:
    match request.get("ReturnValues", "NONE"):
        case "NONE":
            return {}
        case "ALL_NEW":
            return {"Attributes": dict(after or {})}
        case "ALL_OLD":
            return {"Attributes": dict(before)} if before else {}
        case other:
            raise NotSimulatedError(f"ReturnValues {other}")


def _batched(table: Table, request: Request) -> tuple[Key, Item | None]:
    """Key and new item of a put or a delete in a batch."""
    if "PutRequest" in request:
        item = stored(request["PutRequest"]["Item"])
        return table.key(item), item
    return table.key_of(request["DeleteRequest"]["Key"]), None
