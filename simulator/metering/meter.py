"""The meter: what each AWS call of a run consumed, and which function made it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from simulator.aws.calls import Answer, Call, Perform
from simulator.metering import messages


class Line(NamedTuple):
    """One line of the bill: a function, an operation, and a table or queue."""

    function: str
    service: str
    operation: str
    resource: str


@dataclass
class Used:
    """`requests` are charged requests; `items` are items read from or written to tables."""

    requests: int = 0
    items: int = 0
    read: float = 0.0
    write: float = 0.0

    def add(self, other: "Used") -> None:
        self.requests += other.requests
        self.items += other.items
        self.read += other.read
        self.write += other.write


@dataclass
class Meter:
    """A hook for AWS calls. `of` is the calling function; `heat` has the units by table and
    partition."""

    of: str = ""
    used: dict[Line, Used] = field(default_factory=lambda: defaultdict(Used))
    heat: dict[str, dict[str, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float))
    )

    def __call__(self, call: Call, perform: Perform) -> Answer:
        try:
            return perform()
        finally:
            if call.service == "dynamodb":
                self._note_units(call)
            else:
                self._note_requests(call)

    def _note_requests(self, call: Call) -> None:
        queue = call.request.get("QueueUrl", "").rpartition("/")[2]
        sqs = call.service == "sqs"
        count = messages.requests(call.operation, call.request) if sqs else 1
        self.used[Line(self.of, call.service, call.operation, queue)].add(Used(requests=count))

    def _note_units(self, call: Call) -> None:
        for table in sorted({one.table for one in call.consumed}):
            self.used[Line(self.of, "dynamodb", call.operation, table)].requests += 1
        for one in call.consumed:
            line = self.used[Line(self.of, "dynamodb", call.operation, one.table)]
            line.add(Used(items=1, read=one.read, write=one.write))
            self.heat[one.table][one.partition] += one.read + one.write
