"""The meter: what every request of a run to an AWS service consumed, and who made it.

It stands at the wire, where the emulators' gateways are: a request is its target
("DynamoDB_20120810.PutItem") and its JSON body. So it counts what is sent, whatever sends it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from simulator.metering import capacity_units as dynamodb
from simulator.metering import messages
from simulator.metering.capacity_units import Units
from simulator.metering.item_size import Item

SERVICES = {
    "DynamoDB_20120810": "dynamodb",
    "AmazonSQS": "sqs",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
}


class Tables(Protocol):
    """What the meter has to see of the tables behind the wire."""

    def keys(self, table: str) -> Iterable[str]: ...

    def item(self, table: str, key: Mapping[str, Any]) -> Item | None: ...


class Line(NamedTuple):
    """One line of the bill: who asked whom for what, of which table or queue."""

    function: str
    service: str
    operation: str
    resource: str


@dataclass
class Used:
    """`requests` are charged requests; `items` the keys of tables that were touched."""

    requests: int = 0
    items: int = 0
    read: float = 0.0
    write: float = 0.0

    def add(self, other: "Used") -> None:
        self.requests += other.requests
        self.items += other.items
        self.read += other.read
        self.write += other.write


Heard = Callable[[str, Mapping[str, Any]], None]
"""Is told of each request that succeeded: (operation, body)."""


def _counts() -> dict[str, dict[str, float]]:
    return defaultdict(lambda: defaultdict(float))


@dataclass
class Meter:
    """`of` is the function whose requests come in; `heat` the units by (table, partition)."""

    tables: Tables
    of: str = ""
    heard: Heard = lambda *_: None
    used: dict[Line, Used] = field(default_factory=lambda: defaultdict(Used))
    heat: dict[str, dict[str, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float))
    )

    def through(
        self, target: str, body: bytes, send: Callable[[], tuple[int, Any, bytes]]
    ) -> tuple[int, Any, bytes]:
        """`send`'s answer (status, headers, body), its request metered."""
        service, _, operation = target.partition(".")
        service = SERVICES.get(service, service)
        call = json.loads(body or b"{}")
        keys = (
            dynamodb.keys_written(operation, call, self.tables.keys)
            if service == "dynamodb"
            else []
        )
        before = [self.tables.item(key.table, key.key) for key in keys]
        status, headers, answered = send()
        if service == "dynamodb":
            units = dynamodb.of_writes(operation, keys, before, self.tables.item)
            if status < 300:
                units += dynamodb.of_reads(operation, call, json.loads(answered), self.tables.item)
            self._note_units(operation, units)
        else:
            queue = call.get("QueueUrl", "").rpartition("/")[2]
            count = messages.requests(operation, call) if service == "sqs" else 1
            self.used[Line(self.of, service, operation, queue)].add(Used(requests=count))
        if status < 300:
            self.heard(operation, call)
        return status, headers, answered

    def _note_units(self, operation: str, units: Iterable[Units]) -> None:
        for table in sorted({one.table for one in units}):
            self.used[Line(self.of, "dynamodb", operation, table)].requests += 1
        for one in units:
            line = self.used[Line(self.of, "dynamodb", operation, one.table)]
            line.add(Used(items=1, read=one.read, write=one.write))
            self.heat[one.table][_partition(one.key)] += one.read + one.write


def _partition(key: Mapping[str, Any]) -> str:
    """A table's first key is its partition's. What is not known is of no partition."""
    return str(next(iter(next(iter(key.values())).values()))) if key else ""
