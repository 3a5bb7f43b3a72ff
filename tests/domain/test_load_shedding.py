"""A budget that is too small is spent where it saves most, and nobody starves."""

import math
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from topk.domain.crawl.budget import Budget
from topk.domain.crawl.load_shedding import (
    DAYS,
    HIGHEST_PRICE,
    Census,
    CrawlClass,
    crawls_a_day,
    is_kept,
    level,
    price_of,
    requests,
    rows_of_day,
)
from topk.domain.crawl.timetable import Cadence, Grid

_pulled = st.builds(CrawlClass, st.integers(1, 7), st.booleans())
_classes = st.one_of(
    _pulled, st.builds(CrawlClass, pulled_every=st.sampled_from([2, 4, 7]), followed=st.booleans())
)
_prices = st.floats(0, HIGHEST_PRICE)
_counts = st.dictionaries(_classes, st.integers(1, 10_000), min_size=1, max_size=12)
_keys = st.text(max_size=20)


@given(_pulled, _prices, _prices)
def test_a_higher_price_never_means_more_crawls(of: CrawlClass, price: float, other: float) -> None:
    assert level(of, max(price, other)) <= level(of, min(price, other))
    assert 1 <= level(of, price) <= DAYS


@given(_pulled, _prices)
def test_more_followers_and_less_patience_never_mean_fewer_crawls(
    of: CrawlClass, price: float
) -> None:
    assert level(replace(of, followed=True), price) >= level(replace(of, followed=False), price)
    for sooner in range(1, of.wait_days):
        assert level(replace(of, wait_days=sooner), price) >= level(of, price)


@given(_counts, st.floats(0, 200_000))
def test_the_budget_is_never_exceeded_while_everyone_can_be_crawled_weekly(
    counts: dict[CrawlClass, int], crawls: float
) -> None:
    price = price_of(counts, crawls)
    if crawls >= requests(counts, HIGHEST_PRICE):
        assert requests(counts, price) <= crawls
    else:
        assert price == HIGHEST_PRICE


@given(_counts, st.floats(1, 200_000), st.floats(1.01, 3))
def test_nothing_is_left_out_that_the_budget_allows(
    counts: dict[CrawlClass, int], crawls: float, more: float
) -> None:
    price = price_of(counts, crawls)
    assert price_of(counts, crawls * more) <= price
    if price > 0:
        assert requests(counts, 0) > crawls
    if 0.01 < price < HIGHEST_PRICE:
        assert requests(counts, price - 0.01) > crawls, "a lower price would not have fitted"


@given(_keys, st.lists(st.floats(1, DAYS), min_size=14, max_size=40))
def test_no_account_waits_for_seven_turns_whatever_the_levels(
    key: str, levels: list[float]
) -> None:
    kept = [is_kept(key, turn, at_level) for turn, at_level in enumerate(levels)]
    assert all(any(kept[at : at + DAYS]) for at in range(len(kept) - DAYS + 1))


@given(_keys, st.floats(1, DAYS), st.floats(1, DAYS), st.integers(0, 100))
def test_the_crawls_of_a_lower_level_are_among_those_of_a_higher_one(
    key: str, one: float, other: float, turn: int
) -> None:
    low, high = sorted((one, other))
    assert is_kept(key, turn, high) or not is_kept(key, turn, low)


@given(_keys, st.floats(1, DAYS))
def test_a_cycle_has_as_many_crawls_as_its_level(key: str, at_level: float) -> None:
    kept = sum(is_kept(key, turn, at_level) for turn in range(DAYS))
    assert math.floor(at_level) <= kept <= math.ceil(at_level)


@given(_keys, st.integers(1, 7), st.floats(0, 3))
def test_no_account_waits_longer_than_it_can_as_long_as_the_price_is_low(
    key: str, wait_days: int, price: float
) -> None:
    at_level = level(CrawlClass(wait_days), price)
    days = [day for day in range(4 * DAYS) if is_kept(key, day, at_level)]
    assert max(later - earlier for earlier, later in pairwise(days)) <= wait_days


def test_quiet_accounts_are_slowed_first_and_followed_ones_last() -> None:
    quiet, light, usual = CrawlClass(7), CrawlClass(2), CrawlClass(1)
    followed = CrawlClass(1, followed=True)
    counts = dict.fromkeys((quiet, light, usual, followed), 1000)
    order = [
        [level(of, price_of(counts, crawls)) for of in (quiet, light, usual, followed)]
        for crawls in (4000, 3300, 2600, 1500)
    ]
    assert order[0] == [7, 7, 7, 7]
    assert order[1][0] < order[1][1] < 7 == order[1][2]
    assert order[2][:2] == [1, 4]
    assert order[2][2] < 7 == order[2][3]
    assert max(order[3][:3]) < 2 < order[3][3]


def test_the_dispatched_rows_of_a_day_keep_the_budget() -> None:
    keys = [f"harbor#user-{number}" for number in range(20_000)]
    of = CrawlClass(1)
    price = price_of({of: 20_000}, 9_000)
    entries = [entry for key in keys for entry in Grid().entries(key, "spotify", Cadence())]
    for day in range(20_000, 20_007):
        kept = sum(entry.is_kept(day, price) for entry in entries)
        assert abs(kept - 9_000) < 400, "rows are spread over the days of a cycle"


@given(_counts, st.integers(1, 8), st.integers(720, 1440))
def test_a_sample_of_the_slots_stands_for_the_day(
    counts: dict[CrawlClass, int], shards: int, walked: int
) -> None:
    census = Census()
    for _ in range(walked):
        census.add_slot(20_000, {("spotify", of): number for of, number in counts.items()})
    found = rows_of_day([census] * shards, 1440)["spotify"]
    for of, number in counts.items():
        assert math.isclose(found[of], 1440 * number * shards)


def test_a_day_that_begins_says_nothing() -> None:
    census = Census()
    census.add_slot(20_000, {("spotify", CrawlClass()): 9})
    assert rows_of_day([census], 1440) == {}
    census.add_slot(20_001, {})
    assert (census.day, census.slots, census.counts) == (20_001, 1, {})


@given(st.floats(0, 1e9))
def test_views_take_half_of_the_budget_at_most(unscheduled: float) -> None:
    budget = Budget(requests_per_second=100, requests_per_crawl=2)
    all_of_it = crawls_a_day(budget)
    assert crawls_a_day(budget, unscheduled) >= all_of_it / 2
    assert crawls_a_day(budget, unscheduled) <= all_of_it < 86_400 * 50
