"""The metered cost of the largest owners."""

from collections.abc import Iterator

import pytest

from cli.studies.metering.run import BEGIN
from cli.studies.metering.service import MeteredService, metered_service
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import FollowModel
from topk.usecases.lists.read_following import FEED_PAGE


@pytest.fixture
def metered() -> Iterator[MeteredService]:
    with metered_service(users=2, seed=1, begin=BEGIN) as metered:
        yield metered


def page_of(metered: MeteredService, following: int) -> tuple[float, int, bool]:
    """Read units and requests of the first page for so many follows, and if there are more."""
    fan = Owner("harbor", f"follows-{following}")
    with FollowModel.batch_write() as batch:
        for number in range(following):
            batch.save(FollowModel(fan.key, f"user-{number:05}"))
    metered.meter.used.clear()
    page = metered.call("read", "GET", "/v1/me/following/top", fan)
    used = metered.meter.used.values()
    goes_on = page["cursor"] is not None
    return sum(one.read for one in used), sum(one.requests for one in used), goes_on


def test_a_page_for_5000_follows_costs_half_a_unit_per_follow(
    metered: MeteredService,
) -> None:
    """Newest first needs the latest play of every followed user; nothing else grows."""
    units, requests, goes_on = page_of(metered, 5_000)
    few_units, few_requests, _ = page_of(metered, FEED_PAGE + 1)
    assert goes_on
    assert units - few_units <= 0.55 * 5_000
    assert requests - few_requests <= 5_000 / 100 + 20
