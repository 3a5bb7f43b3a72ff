"""DynamoDB's operations, as far as the product uses them.

Shapes: docs.aws.amazon.com/amazondynamodb/latest/APIReference. Every operation records the
capacity that it consumes in its call, even if the request does not ask for it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulator.aws.calls import Answer, Call
from simulator.aws.dynamodb.capacity import consumed_capacity
from simulator.aws.dynamodb.changes import OnChange
from simulator.aws.dynamodb.reads import Reads
from simulator.aws.dynamodb.store import Store
from simulator.aws.dynamodb.tables import Index, Table
from simulator.aws.dynamodb.transactions import transact
from simulator.aws.dynamodb.values import comparable
from simulator.aws.dynamodb.writes import Writes
from simulator.aws.errors import AwsError, NotSimulatedError


class DynamoDB:
    """Times are epoch seconds; `lag` is the greatest age of an eventually consistent read.

    `on_change` is called with every write to an item, in order.
    """

    def __init__(self, now: Callable[[], float], on_change: OnChange, *, lag: float = 0.0) -> None:
        self._store = Store(now, on_change)
        self._lag = lag
        reads, writes = Reads(self._store), Writes(self._store)
        self._operations: Mapping[str, Callable[[Call], Answer]] = {
            "CreateTable": lambda call: self.create_table(call.request),
            "GetItem": reads.get,
            "BatchGetItem": reads.batch_get,
            "Query": reads.query,
            "Scan": reads.scan,
            "PutItem": writes.put,
            "UpdateItem": writes.update,
            "DeleteItem": writes.delete,
            "BatchWriteItem": writes.batch_write,
            "TransactWriteItems": lambda call: transact(self._store, call),
        }

    @property
    def tables(self) -> Mapping[str, Table]:
        return self._store.tables

    def perform(self, call: Call) -> Answer:
        """Raises AwsError, and NotSimulatedError for an operation that is not supported."""
        operation = self._operations.get(call.operation)
        if operation is None:
            raise NotSimulatedError(f"DynamoDB's {call.operation}")
        first = len(call.consumed)
        answer = operation(call)
        if call.request.get("ReturnConsumedCapacity", "NONE") != "NONE":
            told = consumed_capacity(call.consumed[first:])
            many = call.operation.startswith(("Batch", "Transact"))
            answer["ConsumedCapacity"] = told if many else told[0]
        return answer

    def delete_expired(self, name: str, attribute: str) -> int:
        """Deletes the items whose `attribute` (epoch seconds) has passed; returns how many.

        AWS does so in the background, typically within a few days.
        """
        table, now = self._store.table(name), self._store.now()
        expired = [
            item
            for item in table.items()
            if "N" in item.get(attribute, {}) and comparable(item[attribute]) < now
        ]
        for item in expired:
            self._store.put(table, table.key(item), item, None)
        return len(expired)

    def create_table(self, request: Mapping[str, Any]) -> Answer:
        """`request` has the members of CreateTable."""
        name, keys = request["TableName"], _key_names(request["KeySchema"])
        if name in self.tables:
            raise AwsError("ResourceInUseException", f"Table already exists: {name}")
        table = self._store.tables[name] = Table(name, keys, self._lag)
        for given in request.get("GlobalSecondaryIndexes", ()):
            table.indexes[given["IndexName"]] = self._index(given, name, keys)
        return {"TableDescription": {"TableName": name, "TableStatus": "ACTIVE"}}

    def _index(self, given: Mapping[str, Any], table: str, keys: tuple[str, ...]) -> Index:
        own, projection = _key_names(given["KeySchema"]), given["Projection"]
        projected = None
        if projection["ProjectionType"] != "ALL":
            projected = frozenset((*keys, *own, *projection.get("NonKeyAttributes", ())))
        return Index(table, own, self._lag, table_keys=keys, projected=projected)


def _key_names(schema: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    by_type = {key["KeyType"]: key["AttributeName"] for key in schema}
    return tuple(by_type[kind] for kind in ("HASH", "RANGE") if kind in by_type)
