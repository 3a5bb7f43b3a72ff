"""The parts of a storm, separately, with the faults that a test chooses."""

from collections.abc import Callable, Mapping
from typing import Any

from cli.in_memory.faults import Fault
from cli.in_memory.trace import Trace
from cli.studies.chaos.fault_injector import LAG_SECONDS, FaultInjector
from cli.studies.chaos.faulty_calls import FaultyCalls
from cli.studies.chaos.plan import Plan
from simulator.aws.account import Aws
from simulator.aws.dynamodb.item_size import Item
from simulator.scheduler import Scheduler
from simulator.virtual_time import VirtualClock

BEGIN = 1_790_000_000
TABLE = "top_lists"


class Machinery:
    """An account with one table behind the faulty calls; `rates` are the faults'."""

    def __init__(self, rates: Mapping[Fault, float] | None = None) -> None:
        clock = VirtualClock(BEGIN)
        self.scheduler = Scheduler(clock)
        self.injector = FaultInjector(Plan(seed=1, users=1, rates=rates or {}), BEGIN, clock.now)
        self.trace = Trace(kept=True)
        self.entries: list[Mapping[str, Any]] = []
        self.aws = Aws(
            clock.now,
            hooks=[FaultyCalls(self.scheduler, self.injector, self.trace)],
            lag=LAG_SECONDS,
            on_entry=self.entries.append,
        )
        keys = [("owner", "HASH"), ("window", "RANGE")]
        schema = [{"AttributeName": name, "KeyType": role} for name, role in keys]
        self.aws.dynamodb.create_table({"TableName": TABLE, "KeySchema": schema})
        self.table = self.aws.dynamodb.tables[TABLE]
        self.client = self.aws.client("dynamodb")

    def call(self, operation: str, **call: Any) -> dict[str, Any]:
        return self.client._make_api_call(operation, {"TableName": TABLE, **call})

    def put(self, window: str, number: int = 0, **call: Any) -> None:
        self.call("PutItem", Item=item(window, number), **call)

    def number(self, window: str, **call: Any) -> int | None:
        found = self.call("GetItem", Key=key(window), **call)
        return int(found["Item"]["number"]["N"]) if found else None


def key(window: str) -> Item:
    return {"owner": {"S": "anna"}, "window": {"S": window}}


def item(window: str, number: int = 0) -> Item:
    return {**key(window), "number": {"N": str(number)}}


def in_call(scheduler: Scheduler, act: Callable[[], Any]) -> list[Any]:
    """What `act` returned once it has run as a call of the scheduler."""
    found: list[Any] = []
    scheduler.spawn(lambda: found.append(act()))
    scheduler.run(scheduler.now + 3600)
    return found
