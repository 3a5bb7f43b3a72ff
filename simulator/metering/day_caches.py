"""Hit rates of a cache for views by Zipf's law: least recently used, and first in first out.

Views are independent. An entry of a cache that evicts the least recently used is there if it was
viewed within a characteristic time T (Che, Tung and Wang, 2002,
https://doi.org/10.1109/JSAC.2002.801752); of one that evicts the oldest, with the odds of a renewal
(Fricker, Robert and Roberts, 2012, https://arxiv.org/abs/1202.3974). T is such that as many entries
are there as fit. Lists change once a day, so that no entry lasts longer.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.metering.popularity import DAY_SECONDS, PROFILE_VIEWS, USERS

Array = npt.NDArray[np.float64]
_EXACT = 10_000
"""Ranks that are computed one by one; those beyond in bins."""
_BINS = 2_000
_HALVINGS = 200
LIST_BYTES = 3_000


@dataclass(frozen=True, slots=True)
class Popularity:
    """Bins of users: how many there are in each, and the views a second of one of them."""

    users: Array
    rates: Array


@dataclass(frozen=True, slots=True)
class HitRates:
    """Shares of the views, for a cache of `entries` lists."""

    entries: int
    least_recently_used: float
    first_in_first_out: float


def zipf(users: int, views_a_second: float) -> Popularity:
    """The n-th most viewed of `users` is viewed 1/n times as often as the first."""
    exact = np.arange(1, min(users, _EXACT) + 1, dtype=np.float64)
    edges = (
        np.unique(np.geomspace(exact[-1], users, _BINS + 1).round())
        if users > _EXACT
        else exact[-1:]
    )
    counts = np.diff(edges)
    middle = np.sqrt((edges[:-1] + 1) * edges[1:])
    ranks = np.concatenate([exact, middle])
    number = np.concatenate([np.ones_like(exact), counts])
    weights = 1 / ranks
    return Popularity(number, weights / float((weights * number).sum()) * views_a_second)


def hit_rates(popularity: Popularity, entries: int) -> HitRates:
    return HitRates(
        entries,
        _hits(popularity, entries, lambda seen: 1 - np.exp(-seen)),
        _hits(popularity, entries, lambda seen: seen / (1 + seen)),
    )


def of_a_day(sizes: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)) -> list[HitRates]:
    views = zipf(USERS, PROFILE_VIEWS / DAY_SECONDS)
    return [hit_rates(views, entries) for entries in sizes]


def _hits(found: Popularity, entries: int, present: Callable[[Array], Array]) -> float:
    low, high = 0.0, float(DAY_SECONDS)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if float((present(found.rates * middle) * found.users).sum()) < entries:
            low = middle
        else:
            high = middle
    share = present(found.rates * high) * found.rates * found.users
    return float(share.sum() / (found.rates * found.users).sum())
