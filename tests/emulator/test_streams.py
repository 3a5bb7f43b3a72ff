"""A table's stream reaches its function as on AWS."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simulator.clock import Clock, wall_clock
from tests.emulator.deployed import Deployed
from tests.waiting import eventually

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator contract")]


@contextmanager
def held(deployed: Deployed, key: str) -> Iterator[None]:
    """The first function is busy meanwhile, so that what is written comes as one batch."""
    deployed.put("FirstTable", key)
    deployed.await_keys("FirstSeen", [key])
    try:
        yield
    finally:
        deployed.send("FirstRelease", "go on")


def test_only_the_poison_record_is_dropped(deployed: Deployed) -> None:
    with held(deployed, "hold-1"):
        deployed.put("FirstTable", "before", "poison", "after")
    failure = eventually(lambda: deployed.receive("FirstFailures"))[0]
    assert failure["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert failure["DDBStreamBatchInfo"]["batchSize"] == 1
    deployed.put("FirstTable", "next")
    # Whole; then the halves: the first alone, the other two, of which the first alone and again.
    expected = ["before", "poison", "after", "before", "poison", "after", "poison", "poison"]
    assert deployed.await_keys("FirstSeen", ["next"]) == [*expected, "after", "next"]


def test_records_from_the_first_failure_on_are_delivered_again(deployed: Deployed) -> None:
    with held(deployed, "hold-2"):
        deployed.put("FirstTable", "whole", "fails-once", "follows")
    expected = ["whole", "fails-once", "follows", "fails-once", "follows"]
    assert deployed.await_keys("FirstSeen", expected) == expected


def test_records_that_wait_while_the_world_jumps_a_week_are_delivered(
    deployed: Deployed, world_clock: Clock
) -> None:
    with held(deployed, "hold-4"):
        deployed.put("FirstTable", "waiting")
        world_clock.set(wall_clock() + 7 * 24 * 3600, running=False)
    deployed.await_keys("FirstSeen", ["waiting"])


def test_only_inserts_are_delivered(deployed: Deployed) -> None:
    deployed.put("FirstTable", "same")
    deployed.put("FirstTable", "same", changed="yes")
    deployed.put("FirstTable", "last")
    assert deployed.await_keys("FirstSeen", ["last"]) == ["same", "last"]


def test_a_slow_function_does_not_delay_others(deployed: Deployed) -> None:
    with held(deployed, "hold-3"):
        deployed.put("SecondTable", "quick")
        deployed.await_keys("SecondSeen", ["quick"])
    deployed.put("FirstTable", "then")
    deployed.await_keys("FirstSeen", ["then"])
