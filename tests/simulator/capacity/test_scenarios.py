"""The results of the scenarios, compared with figures computed by hand."""

import numpy as np
import pytest

from simulator.capacity.inputs import Inputs
from simulator.capacity.providers import PROVIDERS
from simulator.capacity.report.answers import Answer
from simulator.capacity.scenarios import SPOTIFY, YOUTUBE
from simulator.capacity.simulation import by_lane
from simulator.capacity.study import Study
from topk.domain.crawl.budget import EXPRESS_SHARE


def told(day: Study, name: str) -> Answer:
    lane = day.lane(name)
    assert lane is not None
    return day.answers[lane]


def test_everyone_is_crawled_every_day(day: Study) -> None:
    ordinary = told(day, "ordinary")
    assert ordinary.crawls_done == pytest.approx(ordinary.crawls_due, rel=0.001)
    assert 70e6 < ordinary.crawls_done < 90e6, "heavy listeners several times, views"
    assert ordinary.fresh > 0.999
    assert ordinary.age_p99 < 86_400
    assert ordinary.plays_lost < 0.001


def test_environments_equal_the_crawl_rate_times_the_batch_time(day: Study, inputs: Inputs) -> None:
    for name in ("ordinary", "doubled", "dispatcher-down"):
        for each, provider in zip(told(day, name).providers, PROVIDERS, strict=True):
            crawls = each.calls_per_second / provider.calls
            expected = crawls / inputs.batch * each.batch_seconds
            assert each.concurrency_mean == pytest.approx(expected, rel=0.02)


def test_twice_the_users_need_twice_the_resources(day: Study) -> None:
    once, twice = told(day, "ordinary"), told(day, "doubled")
    assert twice.crawls_done == pytest.approx(2 * once.crawls_done, rel=0.001)
    assert twice.fresh > 0.999
    costs = [day.costs[day.lane(name) or 0].on_demand for name in ("ordinary", "doubled")]
    assert costs[1] == pytest.approx(2 * costs[0], rel=0.01)


def test_twice_the_users_are_crawled_within_the_same_budgets(day: Study, inputs: Inputs) -> None:
    found, ordinary = told(day, "doubled-same-budgets"), told(day, "ordinary")
    reach = inputs.budget_headroom * ordinary.crawls_done
    assert 0.85 * reach < found.crawls_done < reach
    assert found.queue_peak < 3e6, "crawls beyond the budget are left out, not queued"
    assert found.plays_lost < 0.05


def _scheduled_share(day: Study) -> float:
    """Of the crawls of a day, those that the dispatcher queues; views queue the others."""
    samples = day.trace.demand.samples[day.lane("ordinary") or 0]
    scheduled = sum(sample.a_day(on_view=False) for sample in samples)
    return scheduled / sum(sample.crawls_each for sample in samples)


@pytest.mark.parametrize(("name", "hours"), [("provider-down", 2.0), ("dispatcher-down", 1.0)])
def test_an_outage_is_caught_up_with_the_spare_budget(
    day: Study, inputs: Inputs, name: str, hours: float
) -> None:
    delayed = _scheduled_share(day) if name == "dispatcher-down" else 1.0
    expected = hours * 3600 * delayed / (inputs.budget_headroom - 1)
    assert told(day, name).catch_up == pytest.approx(expected, rel=0.1)


def test_nothing_is_lost_in_an_incident(day: Study) -> None:
    for name in ("spike", "throttled", "provider-down", "dispatcher-down"):
        found = told(day, name)
        assert found.crawls_done == pytest.approx(found.crawls_due, rel=0.001)
        assert found.fresh > 0.999


def test_a_provider_that_is_down_delays_no_other(day: Study) -> None:
    down, ordinary = told(day, "provider-down"), told(day, "ordinary")
    assert down.providers[SPOTIFY].wait_p99 > 3600
    assert down.providers[YOUTUBE].wait_p99 == pytest.approx(
        ordinary.providers[YOUTUBE].wait_p99, abs=10
    )


@pytest.mark.parametrize("name", ["short", "scarce", "quarter"])
def test_a_budget_that_is_too_small_is_spent_on_those_who_matter_most(
    day: Study, name: str
) -> None:
    fresh = told(day, name).fresh_by_kind
    assert fresh["followed"] >= fresh["usual"] >= fresh["quiet"]
    assert told(day, name).fresh_seen > fresh["usual"]


def test_plays_are_lost_only_once_nothing_else_can_wait(day: Study) -> None:
    assert told(day, "short").plays_lost < 0.005
    assert told(day, "short").price < 3
    assert 0.01 < told(day, "scarce").plays_lost < told(day, "quarter").plays_lost


def test_half_a_budget_suffices_if_most_accounts_push(day: Study) -> None:
    found = told(day, "scarce-push")
    assert found.fresh >= 0.99
    assert min(found.fresh_by_kind.values()) >= 0.99
    assert found.plays_lost <= 0.005


def test_a_budget_that_is_too_small_for_a_provider_does_not_affect_the_others(day: Study) -> None:
    for name in ("short", "quarter-push"):
        assert told(day, name).providers[YOUTUBE].calls_per_second == pytest.approx(
            told(day, "ordinary").providers[YOUTUBE].calls_per_second, rel=0.001
        )


def test_the_express_share_is_the_products(inputs: Inputs) -> None:
    assert inputs.express_share == EXPRESS_SHARE


def test_each_lane_has_its_share_and_what_the_other_leaves() -> None:
    queue = np.array([[100, 100], [1, 100], [100, 1]])
    begun = by_lane(queue, np.array([10, 10, 10]), 0.1)
    assert begun.tolist() == [[1, 9], [1, 9], [9, 1]]
