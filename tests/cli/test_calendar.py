"""The demonstration moves the time without skipping anything that is due."""

import io
import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cli.failure import CommandFailedError
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.days import Calendar
from cli.studies.demonstration.people import People
from infra_cdk import outputs

MIDNIGHT = 1_806_364_800


class Dispatcher:
    """The deployed function, which queues at most `at_once` crawls before its timeout."""

    def __init__(self, due: int, at_once: int) -> None:
        self.due, self.at_once = due, at_once

    def invoke(self, **_: Any) -> dict[str, Any]:
        queued, behind = min(self.due, self.at_once), 1800 * (self.due > 0)
        self.due -= queued
        answer = {"dispatched": queued, "behind": behind}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


def calendar(dispatcher: Dispatcher, clock: list[Any]) -> Calendar:
    stack = SimpleNamespace(
        client=lambda _: dispatcher, outputs={outputs.function("dispatch"): "dispatch"}
    )
    people = SimpleNamespace(world=lambda *times: clock.append(times))
    return Calendar(cast(LocalStack, stack), cast(People, people))


@pytest.mark.parametrize("at_once", [1, 13, 17, 18, 19])
def test_everything_due_is_dispatched_in_as_many_ticks_as_needed(at_once: int) -> None:
    dispatcher, clock = Dispatcher(18, at_once), list[Any]()
    calendar(dispatcher, clock).stand_at(MIDNIGHT)
    assert dispatcher.due == 0
    assert clock == [("PUT", "clock", {"now": MIDNIGHT, "running": False})]


def test_a_dispatcher_that_never_catches_up_is_a_failure() -> None:
    with pytest.raises(CommandFailedError, match="has not caught up"):
        calendar(Dispatcher(18, 0), []).stand_at(MIDNIGHT)
