"""How often views of a day meet a list that is in memory: popularity by Zipf's law.

A hundred celebrities lead, and the n-th most viewed user is viewed 1/n times as often as the first.
"""

from functools import lru_cache

import numpy as np

USERS = 50_000_000
PROFILE_VIEWS = 300_000_000
DAY_SECONDS = 86_400
ENVIRONMENTS = 25
"""Of the read function that are busy at the mean rate, each of which has a memory of its own."""
CHECK_SECONDS = 4
"""`VISIBILITY_SECONDS` of topk.stores.tables.popular_lists."""
MUCH_FOLLOWED_USERS = 100_000
"""Whose rows may be kept: those with a thousand followers."""
MOST_KEPT = 500


@lru_cache
def kept_share(environments: int = ENVIRONMENTS) -> float:
    """The share of views of profiles whose rows a process has in memory and need not check.

    A view is served from memory if the same process had one of the same owner within CHECK_SECONDS.
    Views are independent, so that of a rate r the share is that of renewals: rT / (1 + rT).
    """
    ranks = np.arange(1, MUCH_FOLLOWED_USERS + 1)
    harmonic = float(np.log(USERS) + np.euler_gamma)
    shares = 1 / ranks / harmonic
    rates = PROFILE_VIEWS / DAY_SECONDS / environments * shares
    seen = rates * CHECK_SECONDS
    return float((shares * seen / (1 + seen))[:MOST_KEPT].sum())


CELEBRITIES, THEIR_FOLLOWERS, FOLLOWED = 100, 10_000_000, 80


def followed_share() -> float:
    """The share of all follow edges that lead to celebrities, whose rows every process has."""
    return CELEBRITIES * THEIR_FOLLOWERS / (USERS * FOLLOWED)
