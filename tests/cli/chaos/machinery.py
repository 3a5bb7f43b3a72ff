"""The parts of a storm, alone, with whatever weather a test wants."""

from collections.abc import Callable, Mapping
from typing import Any

from cli.chaos_run.course import Course
from cli.chaos_run.dynamodb import DynamoDb
from cli.chaos_run.expressions import Item
from cli.chaos_run.faults import Fault
from cli.chaos_run.plan import Plan
from cli.chaos_run.tables import Key, Table
from cli.chaos_run.trace import Trace
from cli.chaos_run.weather import Weather
from cli.chaos_run.wire import Wire
from cli.inprocess.virtual_time import VirtualClock

BEGIN = 1_790_000_000


class Machinery:
    """One table of `owner` and `thing` behind a client; `rates` are the faults'."""

    def __init__(self, rates: Mapping[Fault, float] | None = None) -> None:
        clock = VirtualClock(BEGIN)
        self.course = Course(clock)
        self.weather = Weather(Plan(seed=1, users=1, rates=rates or {}), BEGIN, clock.now)
        self.trace = Trace(kept=True)
        self.wire = Wire(self.course, self.weather, self.trace)
        self.writes: list[tuple[Key, Item | None, Item | None]] = []
        self.table = Table("things", ("owner", "thing"), clock.now, self._written)
        self.client = DynamoDb(self.wire, {"things": self.table})

    def call(self, operation: str, **call: Any) -> dict[str, Any]:
        return self.client._make_api_call(operation, {"TableName": "things", **call})

    def put(self, thing: str, number: int = 0, **call: Any) -> None:
        self.call("PutItem", Item=item(thing, number), **call)

    def number(self, thing: str, **call: Any) -> int | None:
        found = self.call("GetItem", Key=key(thing), **call)
        return int(found["Item"]["number"]["N"]) if found else None

    def _written(self, _table: str, of: Key, before: Item | None, after: Item | None) -> None:
        self.writes.append((of, before, after))


def key(thing: str) -> Item:
    return {"owner": {"S": "anna"}, "thing": {"S": thing}}


def item(thing: str, number: int = 0) -> Item:
    return {**key(thing), "number": {"N": str(number)}}


def in_call(course: Course, act: Callable[[], Any]) -> list[Any]:
    """What `act` returned once it has run as a call of the course."""
    found: list[Any] = []
    course.spawn(lambda: found.append(act()))
    course.run(course.now + 3600)
    return found
