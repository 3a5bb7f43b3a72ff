"""DynamoDB's operations on tables in memory, each answer with the capacity that it consumes.

Shapes: docs.aws.amazon.com/amazondynamodb/latest/APIReference. An operation that is not here is
refused, and so is a part of a request that would change the answer.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simulator.stand_in.expressions import Expression
from simulator.stand_in.item_sizes import Item, bytes_of, read_units
from simulator.stand_in.tables import Index, Table

PAGE_BYTES = 1024 * 1024
MOST_READ, MOST_WRITTEN = 100, 25
"""Items of one batch."""
Json = dict[str, Any]


class RefusedError(Exception):
    """An error of DynamoDB's, by its code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


@dataclass
class Consumed:
    requests: int = 0
    read_units: float = 0
    write_units: float = 0


class DynamoDB:
    """`ledger` counts what was consumed by (operation, table)."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.ledger: dict[tuple[str, str], Consumed] = defaultdict(Consumed)
        self._noted: list[Json] = []
        self._operations: Mapping[str, Callable[[Json], Json]] = {
            "CreateTable": self._create_table,
            "GetItem": self._get,
            "BatchGetItem": self._batch_get,
            "Query": self._query,
            "PutItem": self._put,
            "UpdateItem": self._update,
            "DeleteItem": self._delete,
            "BatchWriteItem": self._batch_write,
        }

    def call(self, operation: str, request: Json) -> Json:
        """The answer. Raises RefusedError."""
        perform = self._operations.get(operation)
        if perform is None:
            raise RefusedError("UnknownOperationException", operation)
        self._noted = []
        try:
            answer = perform(request)
        except (KeyError, ValueError) as error:
            raise RefusedError("ValidationException", repr(error)) from error
        if request.get("ReturnConsumedCapacity", "NONE") == "NONE":
            return answer
        batch = operation.startswith("Batch")
        return answer | {"ConsumedCapacity": self._noted if batch else self._noted[0]}

    def spent(self) -> list[Json]:
        """What was consumed since the last time, by operation and table."""
        told = [
            {"operation": operation, "table": table, **asdict(consumed)}
            for (operation, table), consumed in self.ledger.items()
        ]
        self.ledger.clear()
        return told

    def _create_table(self, request: Json) -> Json:
        keys = _key_names(request["KeySchema"])
        table = Table(*keys)
        for given in request.get("GlobalSecondaryIndexes", ()):
            if given["Projection"]["ProjectionType"] != "ALL":
                raise ValueError("an index holds all attributes")
            table.indexes[given["IndexName"]] = Index(*_key_names(given["KeySchema"]), keys=keys)
        self.tables[request["TableName"]] = table
        return {"TableDescription": {"TableName": request["TableName"], "TableStatus": "ACTIVE"}}

    def _get(self, request: Json) -> Json:
        found = self._table(request).get(request["Key"])
        units = read_units(bytes_of(found), consistent=request.get("ConsistentRead", False))
        self._note("GetItem", request["TableName"], read=units)
        return {"Item": found} if found else {}

    def _batch_get(self, request: Json) -> Json:
        if sum(len(asked["Keys"]) for asked in request["RequestItems"].values()) > MOST_READ:
            raise ValueError("too many keys")
        responses: dict[str, list[Item]] = {}
        for name, asked in request["RequestItems"].items():
            table, consistent = self._named(name), asked.get("ConsistentRead", False)
            found = [table.get(key) for key in asked["Keys"]]
            responses[name] = [item for item in found if item]
            units = sum(read_units(bytes_of(item), consistent=consistent) for item in found)
            self._note("BatchGetItem", name, read=units)
        return {"Responses": responses, "UnprocessedKeys": {}}

    def _query(self, request: Json) -> Json:
        table = self._table(request)
        asked = table.indexes[request["IndexName"]] if "IndexName" in request else table
        if "FilterExpression" in request:
            raise ValueError("FilterExpression")
        condition = Expression(request["KeyConditionExpression"], request)
        start = request.get("ExclusiveStartKey")
        backwards = not request.get("ScanIndexForward", True)
        after = asked.key_of(start)[1] if start else None
        items: list[Item] = []
        size, last = 0, None
        partition = asked.partition(condition.equal_to(asked.hash_name), backwards=backwards)
        for item in partition:
            at = asked.key_of(item)[1]
            passed = after is None or (at < after if backwards else at > after)
            if not passed or not condition.holds(item):
                continue
            items.append(item)
            size += bytes_of(item)
            if size >= PAGE_BYTES or len(items) == request.get("Limit"):
                names = {table.hash_name, table.range_name, asked.hash_name, asked.range_name}
                last = {name: item[name] for name in names - {""}}
                break
        units = read_units(size, consistent=request.get("ConsistentRead", False))
        self._note("Query", request["TableName"], read=units)
        answer: Json = {"Items": items, "Count": len(items), "ScannedCount": len(items)}
        return answer | ({"LastEvaluatedKey": last} if last else {})

    def _put(self, request: Json) -> Json:
        return self._write("PutItem", request, request["Item"], lambda _: request["Item"])

    def _delete(self, request: Json) -> Json:
        return self._write("DeleteItem", request, request["Key"], lambda _: None)

    def _update(self, request: Json) -> Json:
        update = Expression(request["UpdateExpression"], request)
        key = request["Key"]
        return self._write("UpdateItem", request, key, lambda item: update.updated(item or key))

    def _write(
        self, operation: str, request: Json, key: Item, change: Callable[[Item | None], Item | None]
    ) -> Json:
        table = self._table(request)
        before = table.get(key)
        condition = request.get("ConditionExpression")
        if condition and not Expression(condition, request).holds(before or {}):
            # A write that is refused is paid for like one that is not.
            self._note(operation, request["TableName"], write=max(1, -(-bytes_of(before) // 1024)))
            raise RefusedError("ConditionalCheckFailedException", "The conditional request failed")
        after = change(before)
        self._note(operation, request["TableName"], write=table.put(key, after))
        match request.get("ReturnValues", "NONE"):
            case "NONE":
                return {}
            case "ALL_NEW":
                return {"Attributes": after}
            case "ALL_OLD":
                return {"Attributes": before} if before else {}
            case other:
                raise ValueError(f"ReturnValues {other}")

    def _batch_write(self, request: Json) -> Json:
        if sum(map(len, request["RequestItems"].values())) > MOST_WRITTEN:
            raise ValueError("too many writes")
        for name, writes in request["RequestItems"].items():
            table = self._named(name)
            units = 0
            for write in writes:
                if "PutRequest" in write:
                    item = write["PutRequest"]["Item"]
                    units += table.put(item, item)
                else:
                    units += table.put(write["DeleteRequest"]["Key"], None)
            self._note("BatchWriteItem", name, write=units)
        return {"UnprocessedItems": {}}

    def _table(self, request: Json) -> Table:
        return self._named(request["TableName"])

    def _named(self, name: str) -> Table:
        table = self.tables.get(name.rpartition("/")[2])
        if table is None:
            raise RefusedError("ResourceNotFoundException", json.dumps(name))
        return table

    def _note(self, operation: str, table: str, *, read: float = 0, write: float = 0) -> None:
        consumed = self.ledger[operation, table]
        consumed.requests += 1
        consumed.read_units += read
        consumed.write_units += write
        self._noted.append({"TableName": table, "CapacityUnits": float(read + write)})


def _key_names(schema: list[Json]) -> tuple[str, str]:
    by_type = {key["KeyType"]: key["AttributeName"] for key in schema}
    return by_type["HASH"], by_type.get("RANGE", "")
