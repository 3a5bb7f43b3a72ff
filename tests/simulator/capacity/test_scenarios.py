"""The results of the scenarios, compared with figures computed by hand."""

import pytest

from simulator.capacity.inputs import Inputs
from simulator.capacity.report.answers import Answer
from simulator.capacity.scenarios import SPOTIFY, YOUTUBE
from simulator.capacity.study import Study


def told(day: Study, name: str) -> Answer:
    lane = day.lane(name)
    assert lane is not None
    return day.answers[lane]


def test_everyone_is_crawled_every_day(day: Study) -> None:
    ordinary = told(day, "ordinary")
    assert ordinary.crawls_done == pytest.approx(70e6, rel=0.001)
    assert ordinary.fresh > 0.999
    assert ordinary.age_p99 == pytest.approx(0.99 * 86_400, rel=0.01)


def test_environments_equal_the_crawl_rate_times_the_batch_time(day: Study, inputs: Inputs) -> None:
    for name in ("ordinary", "doubled", "dispatcher-down"):
        for each in told(day, name).providers:
            crawls = told(day, name).crawls_per_second / 3
            expected = crawls / inputs.batch * each.batch_seconds
            assert each.concurrency_mean == pytest.approx(expected, rel=0.02)


def test_twice_the_users_need_twice_the_resources(day: Study) -> None:
    once, twice = told(day, "ordinary"), told(day, "doubled")
    assert twice.crawls_done == pytest.approx(2 * once.crawls_done, rel=0.001)
    assert twice.fresh > 0.999
    costs = [day.costs[day.lane(name) or 0].on_demand for name in ("ordinary", "doubled")]
    assert costs[1] == pytest.approx(2 * costs[0], rel=0.01)


def test_twice_the_users_are_crawled_within_the_same_budgets(day: Study, inputs: Inputs) -> None:
    reach = inputs.budget_headroom / 2
    found = told(day, "doubled-same-budgets")
    assert found.crawls_done / found.crawls_due == pytest.approx(reach, rel=0.01)
    assert found.fresh == pytest.approx(reach, abs=0.02)


@pytest.mark.parametrize(("name", "hours"), [("provider-down", 2.0), ("dispatcher-down", 1.0)])
def test_an_outage_is_caught_up_with_the_spare_budget(
    day: Study, inputs: Inputs, name: str, hours: float
) -> None:
    expected = hours * 3600 / (inputs.budget_headroom - 1)
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


@pytest.mark.parametrize(("name", "granted"), [("short", 0.8), ("scarce", 0.5)])
def test_a_budget_that_is_too_small_delays_all_kinds_equally(
    day: Study, name: str, granted: float
) -> None:
    found = told(day, name)
    assert set(found.fresh_by_kind) == {"followed", "usual", "quiet"}
    for share in found.fresh_by_kind.values():
        assert share == pytest.approx(granted, abs=0.03)


def test_priority_serves_followed_owners_at_the_quiet_ones_expense(day: Study) -> None:
    for name in ("short", "scarce"):
        alike, first = told(day, name), told(day, f"{name}-priority")
        assert first.fresh_by_kind["followed"] > 0.99
        assert first.fresh_by_kind["quiet"] < alike.fresh_by_kind["quiet"]
        assert first.fresh_seen > alike.fresh_seen


def test_a_slower_cadence_frees_budget_for_active_listeners(day: Study) -> None:
    found = told(day, "short-cadence")
    assert found.fresh_by_kind["usual"] > 0.99
    assert found.queue_peak < 100_000
    assert told(day, "scarce-cadence").queue_peak > 1e6


def test_crawl_on_view_keeps_viewed_lists_fresh_and_loses_other_plays(day: Study) -> None:
    found = told(day, "short-on-view")
    assert found.fresh_seen > 0.99
    assert found.plays_lost > 0.05
    assert told(day, "short").plays_lost == 0


def test_push_restores_freshness_if_it_brings_the_load_below_the_budget(day: Study) -> None:
    for name in ("short-push", "scarce-push"):
        found = told(day, name)
        assert min(found.fresh_by_kind.values()) > 0.99


def test_levers_at_one_provider_do_not_affect_the_others(day: Study) -> None:
    for name in ("short-all", "scarce-own"):
        assert told(day, name).providers[YOUTUBE].calls_per_second == pytest.approx(
            told(day, "ordinary").providers[YOUTUBE].calls_per_second, rel=0.001
        )
