"""Computed hit rates of caches, compared with a simulation."""

from collections import OrderedDict
from itertools import pairwise

import numpy as np
import pytest

from simulator.metering.day_caches import hit_rates, of_a_day, zipf
from simulator.metering.popularity import followed_share, kept_share

USERS, ENTRIES, VIEWS, WARM = 5_000, 250, 400_000, 100_000


def _simulated(*, by_use: bool) -> float:
    """An hour-long stream, as nothing outlives a day."""
    chance = np.random.default_rng(7)
    weights = 1 / np.arange(1, USERS + 1)
    viewed = chance.choice(USERS, VIEWS, p=weights / weights.sum())
    cache: OrderedDict[int, None] = OrderedDict()
    hits = 0
    for number, user in enumerate(viewed.tolist()):
        if user in cache:
            hits += number >= WARM
            if by_use:
                cache.move_to_end(user)
            continue
        cache[user] = None
        if len(cache) > ENTRIES:
            cache.popitem(last=False)
    return hits / (VIEWS - WARM)


def test_both_kinds_of_eviction_match_a_simulation() -> None:
    found = hit_rates(zipf(USERS, VIEWS / 3600), ENTRIES)
    assert found.least_recently_used == pytest.approx(_simulated(by_use=True), abs=0.01)
    assert found.first_in_first_out == pytest.approx(_simulated(by_use=False), abs=0.01)


def test_more_memory_hits_more_and_the_least_recently_used_is_the_better_choice() -> None:
    found = of_a_day()
    for smaller, larger in pairwise(found):
        assert smaller.least_recently_used < larger.least_recently_used
    assert all(one.first_in_first_out < one.least_recently_used < 1 for one in found)


def test_more_processes_have_less_in_memory() -> None:
    assert 0 < kept_share(100) < kept_share(25) < 0.4
    assert followed_share() == 0.25
