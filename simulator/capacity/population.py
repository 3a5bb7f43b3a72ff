"""The owners of the connections, in three kinds, and the distribution of reads over a day."""

from dataclasses import dataclass

import numpy as np

from simulator.capacity.station import Amounts

DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of owner, with its shares of the connections and of the views.

    `listening` is the share whose crawl has plays; `viewed` is the share viewed on a day.
    """

    name: str
    share: float
    views: float
    listening: float
    viewed: float


KINDS = (
    Kind("followed", share=0.05, views=0.50, listening=1.0, viewed=1.0),
    Kind("usual", share=0.65, views=0.45, listening=1.0, viewed=0.6),
    Kind("quiet", share=0.30, views=0.05, listening=0.0, viewed=0.2),
)
FOLLOWED, USUAL, QUIET = KINDS

_HOURLY_READS = (4, 3, 2, 2, 2, 2, 3, 4, 5, 5, 5, 5, 6, 6, 5, 5, 6, 7, 8, 9, 9, 8, 7, 5)


def reads_by_minute() -> Amounts:
    """The share of a day's reads in each of its minutes (1440)."""
    hours = np.array(_HOURLY_READS, dtype=float)
    minutes = np.interp(np.arange(DAY_MINUTES) / 60, np.arange(25), [*hours, hours[0]])
    share: Amounts = minutes / minutes.sum()
    return share
