"""Outages of AWS services, in virtual time: nothing is lost, and the limits of queues hold."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from cli.studies.brownouts.figures import faults
from cli.studies.brownouts.run import OUTAGES, Found, run

BOTH = "Connections and SQS"


@pytest.fixture(scope="module")
def found() -> dict[str, Found]:
    outages = {**OUTAGES, BOTH: ("dynamodb connections", "sqs")}
    ran = run(users=8, seed=7, on_step=lambda _: None, outages=outages)
    return {one.name: one for one in ran}


def test_every_outage_is_run_and_loses_nothing(found: dict[str, Found]) -> None:
    assert all(found[name].crawls > 0 for name in OUTAGES)
    assert [fault for name in OUTAGES for fault in faults(asdict(found[name]))] == []


def test_crawls_that_cannot_be_sent_again_are_hidden_but_not_lost(found: dict[str, Found]) -> None:
    both = found[BOTH]
    assert both.hidden_seconds > 300
    assert (both.missed, both.dead_letters, both.dropped) == (0, 0, 0)
    assert found["Connections"].hidden_seconds == 0


@pytest.mark.parametrize(
    "worse",
    [{"missed": 1}, {"dead_letters": 1}, {"dropped": 1}, {"in_flight": 96_001}, {"behind": 1801.0}],
)
def test_each_broken_promise_is_a_fault(found: dict[str, Found], worse: dict[str, Any]) -> None:
    assert len(faults(asdict(replace(found["S3"], **worse)))) == 1
