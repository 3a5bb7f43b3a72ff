"""Time in the demonstration: the world's clock only jumps from midnight to midnight."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cli.failure import CommandFailedError
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People
from infra_cdk import outputs

DAY = 86_400
DAYS = 7
AHEAD_SECONDS = 6 * 3600
"""The crawl function uses the later of the world's time and the machine's. The machine's must not
pass the first midnight while accounts are still being connected."""
STALLED_SECONDS = 300.0
"""Longer than a message is hidden after its function was lost, on however busy a machine."""
_LOOK_SECONDS = 0.1
_TICKS = 100
_DEPTHS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


def midnight_after(now: float) -> int:
    """The first midnight, UTC, that is at least AHEAD_SECONDS after `now`; both in epoch seconds.

    Inferred times are exact where crawls are a day apart and at the bounds of a day.
    """
    return -(-(int(now) + AHEAD_SECONDS) // DAY) * DAY


def local_day(moment: int, time_zone: str) -> date:
    return datetime.fromtimestamp(moment, ZoneInfo(time_zone)).date()


class Calendar:
    def __init__(self, stack: LocalStack, people: People) -> None:
        self._stack = stack
        self._people = people
        self._lambda = stack.client("lambda")
        self._sqs = stack.client("sqs")

    def stand_at(self, moment: int) -> None:
        """Sets the time to `moment`, and dispatches all crawls due since the last tick.

        On a busy machine a tick may run out of time and leave crawls to the next one. So ticks are
        repeated until none is left: after another day's jump the rest would be too old.
        """
        self._people.world("PUT", "clock", {"now": moment, "running": False})
        for _ in range(_TICKS):
            counts = self._tick(moment)
            if not counts["dispatched"] and not counts["behind"]:
                return
        raise CommandFailedError(f"dispatch has not caught up after {_TICKS} ticks")

    def _tick(self, moment: int) -> dict[str, int]:
        tick = {
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "time": datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        answer = self._lambda.invoke(
            FunctionName=self._stack.outputs[outputs.function("dispatch")],
            Payload=json.dumps(tick).encode(),
        )
        body = answer["Payload"].read().decode()
        if "FunctionError" in answer:
            raise CommandFailedError(f"dispatch failed: {body}")
        counts: dict[str, int] = json.loads(body)
        return counts

    def go_on(self, moment: int) -> None:
        """Lets the world's time pass again, from `moment` on."""
        self._people.world("PUT", "clock", {"now": moment, "running": True})

    def await_crawls(self) -> None:
        """Returns when every crawl queue is empty.

        Raises CommandFailedError if no queue has changed for STALLED_SECONDS.
        """
        await_empty(lambda: list(self._waiting()))

    def _waiting(self) -> Iterator[int]:
        for name, url in self._stack.outputs.items():
            if name.startswith("Queue"):
                found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_DEPTHS))
                yield from (int(found["Attributes"][depth]) for depth in _DEPTHS)


def await_empty(
    depths: Callable[[], list[int]],
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Returns when all `depths` are 0. Raises CommandFailedError if they have not changed for
    STALLED_SECONDS.
    """
    last, since = depths(), now()
    while any(last):
        sleep(_LOOK_SECONDS)
        found = depths()
        if found != last:
            last, since = found, now()
        elif now() > since + STALLED_SECONDS:
            raise CommandFailedError(
                f"{sum(found)} crawls wait in the queues and none moved for {STALLED_SECONDS:.0f} s"
            )


def wait_until(condition: Callable[[], Any], within: float, otherwise: str) -> None:
    """Raises CommandFailedError(`otherwise`) if `condition` is not true after `within` s."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise CommandFailedError(f"{otherwise} after {within:.0f} s")
        time.sleep(_LOOK_SECONDS)
