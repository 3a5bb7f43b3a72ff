"""A budget spaces its slots evenly, grants near ones at once, and expires them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON
from topk.domain.crawl.budget import BURST_SECONDS, HELD_SECONDS, Budget, Lane, held, near

MS = NOON * 1000
BUDGETS = st.builds(
    Budget,
    requests_per_second=st.floats(0.01, 10_000),
    requests_per_crawl=st.floats(1, 20),
)


@given(BUDGETS, st.integers(1, 500))
def test_the_lanes_together_keep_the_budget(budget: Budget, seconds: int) -> None:
    crawls = sum(seconds * 1000 / budget.apart(lane) for lane in Lane)
    requests = crawls * budget.requests_per_crawl
    assert requests == pytest.approx(seconds * budget.requests_per_second)


@given(BUDGETS, st.sampled_from(Lane), st.integers(1, 200))
def test_slots_are_spaced_within_their_length(budget: Budget, lane: Lane, crawls: int) -> None:
    places = list(budget.places(lane, crawls, MS))
    assert (len(places), places[0]) == (crawls, MS)
    assert places[-1] < MS + budget.length(lane, crawls)
    for earlier, later in pairwise(places):
        assert abs(later - earlier - budget.apart(lane)) <= 1


@given(BUDGETS, st.sampled_from(Lane), st.lists(st.integers(1, 60), min_size=2, max_size=20))
def test_consecutive_batches_are_never_faster_than_one_batch(
    budget: Budget, lane: Lane, batches: list[int]
) -> None:
    assert sum(budget.length(lane, one) for one in batches) >= budget.length(lane, sum(batches))


def test_most_of_a_budget_is_for_scheduled_crawls() -> None:
    budget = Budget(100, requests_per_crawl=2)
    assert (budget.length(Lane.STANDING, 45), budget.length(Lane.EXPRESS, 5)) == (1000, 1000)


def test_a_near_slot_is_granted_at_once_and_a_far_one_delays_the_crawl() -> None:
    assert near(MS - 9000, NOON)
    assert near(MS + BURST_SECONDS * 1000, NOON)
    assert not near(MS + BURST_SECONDS * 1000 + 1, NOON)


def test_a_slot_is_valid_for_a_limited_time_from_its_start() -> None:
    moments = (-1, 0, HELD_SECONDS, HELD_SECONDS + 1)
    assert [held(NOON, NOON + late) for late in moments] == [False, True, True, False]
