"""The owners of the connections, in four kinds, and the distribution of reads over a day."""

from dataclasses import dataclass

import numpy as np

from simulator.capacity.station import Amounts

DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of owner, with its shares of the connections and of the views.

    `plays` is the mean number of plays of a connection and day; `viewed` is the share viewed on a
    day; `returns` is the share of the silent that listen again from a day on.
    """

    name: str
    share: float
    views: float
    plays: float
    viewed: float
    followed: bool = False
    returns: float = 0.0

    @property
    def listening(self) -> bool:
        return self.plays > 0


# 35M of 50M owners listen to 1.05B songs a day by 70M connections: 21 for each that is listened to.
# The source: 25 songs a day for most owners, 200 for power users, 30 on average.
KINDS = (
    Kind("followed", share=0.05, views=0.50, plays=18, viewed=1.0, followed=True),
    Kind("usual", share=0.63, views=0.44, plays=18, viewed=0.6),
    Kind("heavy", share=0.02, views=0.01, plays=143, viewed=0.6),
    Kind("quiet", share=0.30, views=0.05, plays=0, viewed=0.2, returns=0.01),
)

_HOURLY_READS = (4, 3, 2, 2, 2, 2, 3, 4, 5, 5, 5, 5, 6, 6, 5, 5, 6, 7, 8, 9, 9, 8, 7, 5)


def reads_by_minute() -> Amounts:
    """The share of a day's reads in each of its minutes (1440)."""
    hours = np.array(_HOURLY_READS, dtype=float)
    minutes = np.interp(np.arange(DAY_MINUTES) / 60, np.arange(25), [*hours, hours[0]])
    share: Amounts = minutes / minutes.sum()
    return share
