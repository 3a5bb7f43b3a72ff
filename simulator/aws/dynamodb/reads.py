"""Reads: GetItem, BatchGetItem, Query and Scan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.aws.calls import Answer, Call
from simulator.aws.dynamodb.capacity import Units, read_units
from simulator.aws.dynamodb.expressions import Condition
from simulator.aws.dynamodb.item_size import Item, item_size
from simulator.aws.dynamodb.requests import (
    Request,
    check_placeholders,
    condition_of,
    projected,
    scope,
)
from simulator.aws.dynamodb.store import Store, check_count, check_distinct
from simulator.aws.dynamodb.tables import Table
from simulator.aws.dynamodb.values import comparable
from simulator.aws.errors import invalid

PAGE_BYTES = 1024 * 1024
BATCH, BATCH_BYTES = 100, 16 * 1024 * 1024
"""Most keys of a BatchGetItem, and most bytes of its items."""


@dataclass(frozen=True, slots=True)
class Reads:
    store: Store

    def get(self, call: Call) -> Answer:
        request = call.request
        check_placeholders(request)
        table, moment = self.store.table(request["TableName"]), self._moment(call, request)
        item = _read(call, table, request["Key"], request, moment)
        return {} if item is None else {"Item": item}

    def batch_get(self, call: Call) -> Answer:
        asked: Mapping[str, Request] = call.request["RequestItems"]
        check_count(sum(len(of["Keys"]) for of in asked.values()), BATCH)
        responses: dict[str, list[Item]] = {}
        left: dict[str, Any] = {}
        room = BATCH_BYTES
        for name, wanted in asked.items():
            check_placeholders(wanted)
            table, moment = self.store.table(name), self._moment(call, wanted)
            check_distinct(map(table.key_of, wanted["Keys"]))
            keys, rest = call.split(wanted["Keys"])
            found: list[Item] = []
            for number, key in enumerate(keys):
                room -= item_size(table.get(table.key_of(key), moment))
                if room < 0:
                    rest = [*keys[number:], *rest]
                    break
                item = _read(call, table, key, wanted, moment)
                found += [item] if item is not None else []
            responses[name] = found
            if rest:
                left[name] = {**wanted, "Keys": rest}
        return {"Responses": responses, "UnprocessedKeys": left}

    def query(self, call: Call) -> Answer:
        request = call.request
        check_placeholders(request)
        table = self._queried(request)
        wanted = condition_of(request, "KeyConditionExpression")
        if wanted is None:
            raise invalid("Query needs a KeyConditionExpression")
        hash_key = _hash_key(table, wanted, request)
        start, backwards = (
            request.get("ExclusiveStartKey"),
            not request.get("ScanIndexForward", True),
        )
        after = table.key(start) if start else None
        moment = self._moment(call, request)
        found = table.partition(hash_key, backwards=backwards, moment=moment)
        items = (
            item
            for key, item in found
            if (after is None or (key < after if backwards else key > after))
            and wanted.test(scope(item, request))
        )
        return _page(call, table, str(hash_key), items)

    def scan(self, call: Call) -> Answer:
        request = call.request
        check_placeholders(request)
        table = self._queried(request)
        start = request.get("ExclusiveStartKey")
        after = table.key(start) if start else None
        items = (item for item in table.items() if after is None or table.key(item) > after)
        return _page(call, table, "", items)

    def _queried(self, request: Request) -> Table:
        table = self.store.table(request["TableName"])
        name = request.get("IndexName")
        if name is None:
            return table
        if name not in table.indexes:
            raise invalid(f"The table does not have the specified index: {name}")
        if request.get("ConsistentRead"):
            raise invalid("Consistent reads are not supported on global secondary indexes")
        return table.indexes[name]

    def _moment(self, call: Call, request: Request) -> float | None:
        """The time (seconds) whose state a read returns; None for the latest state."""
        staleness = 0.0 if request.get("ConsistentRead") else call.staleness()
        return self.store.now() - staleness if staleness else None


def _read(
    call: Call, table: Table, wire_key: Item, request: Request, moment: float | None
) -> Item | None:
    key = table.key_of(wire_key)
    item = table.get(key, moment)
    units = read_units(item_size(item), consistent=bool(request.get("ConsistentRead")))
    call.consumed.append(Units(table.name, str(key[0]), units, 0.0))
    return None if item is None else projected(item, request)


def _page(call: Call, table: Table, partition: str, items: Iterator[Item]) -> Answer:
    """The items of a page. Items that the filter removes are charged too."""
    request = call.request
    limit = request.get("Limit")
    read: list[Item] = []
    size, last = 0, None
    for item in items:
        read.append(item)
        size += item_size(item)
        if size >= PAGE_BYTES or len(read) == limit:
            last = table.attributes(item)
            break
    units = read_units(size, consistent=bool(request.get("ConsistentRead")))
    call.consumed.append(Units(table.name, partition, units, 0.0))
    wanted = condition_of(request, "FilterExpression")
    kept = [item for item in read if not wanted or wanted.test(scope(item, request))]
    found = [projected(item, request) for item in kept]
    answer: Answer = {"Items": found, "Count": len(found), "ScannedCount": len(read)}
    return answer | ({"LastEvaluatedKey": last} if last else {})


def _hash_key(table: Table, wanted: Condition, request: Request) -> Any:
    """The partition that a key condition names."""
    names = request.get("ExpressionAttributeNames") or {}
    for word, value in wanted.equals.items():
        if names.get(word, word) == table.key_names[0]:
            return comparable(request["ExpressionAttributeValues"][value])
    raise invalid(f"Query condition missed key schema element: {table.key_names[0]}")
