"""What the largest owners cost, by the meter."""

from collections.abc import Iterator

import pytest

from cli.metered_run.gateway import Asked, document, event
from cli.metered_run.tables import MotoTables, on_the_wire
from cli.sandbox.deployment import sandbox
from cli.sandbox.people import NOON
from functions.read.handler import lambda_handler
from simulator.metering.meter import Meter
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import FollowModel
from topk.usecases.lists.read_following import FEED_PAGE


@pytest.fixture
def meter() -> Iterator[Meter]:
    with sandbox():
        meter = Meter(MotoTables(), of="read feed")
        with on_the_wire(meter):
            yield meter


def page_of(meter: Meter, following: int) -> tuple[float, int, bool]:
    """Read units and requests of the first page of who follows so many, and whether it goes on."""
    fan = Owner("harbor", f"follows-{following}")
    with FollowModel.batch_write() as batch:
        for number in range(following):
            batch.save(FollowModel(fan.key, f"user-{number:05}"))
    meter.used.clear()
    asked = event(Asked("GET", "/v1/me/following/top", {}), now=NOON, owner=fan)
    answer = lambda_handler(asked, None)
    assert answer["statusCode"] == 200
    used = meter.used.values()
    goes_on = document(answer)["cursor"] is not None
    return sum(one.read for one in used), sum(one.requests for one in used), goes_on


def test_a_page_of_who_follows_5000_costs_half_a_unit_for_each_of_them(meter: Meter) -> None:
    """Newest first asks for the latest play of everyone who is followed, and nothing else grows."""
    units, requests, goes_on = page_of(meter, 5_000)
    few_units, few_requests, _ = page_of(meter, FEED_PAGE + 1)
    assert goes_on
    assert units - few_units <= 0.55 * 5_000
    assert requests - few_requests <= 5_000 / 100 + 20
