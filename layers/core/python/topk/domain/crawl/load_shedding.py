"""Load shedding: which scheduled crawls a provider's budget is spent on when it is too small.

While a budget suffices, every scheduled crawl is done. Otherwise the budget has a price, the lowest
at which the crawls of a day fit. Each class of accounts has a level by the price, from 7 (every
scheduled crawl) to 1 (one of seven). As the price rises, crawls are left out in this order, so that
the cheapest ones go first:

1. Crawls that only check an account whose pushes bring its plays.
2. Crawls of accounts that lose no play while they wait. One that can wait twice as long, such as a
   quiet one, is slowed about twice as fast, but not further than it can wait.
3. Any crawl of owners with few followers. Plays may be lost.
4. Crawls of owners with many followers.

The days on which an account is crawled at one level include those at any lower level. So a row is
never left out seven times in a row, whatever the price does.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from topk.domain.crawl.budget import BURST_SECONDS, EXPRESS_SHARE, Budget, Lane

DAYS = 7
_DAY_SECONDS = 86_400
_RANKS = (0, 4, 2, 6, 1, 5, 3)
"""The rank of each day of a cycle. The days of the lowest ranks are spread evenly."""
_LEAST = {1: 7, 2: 4, 3: 3, 4: 2, 5: 2, 6: 2, 7: 1}
"""By days that an account can wait: the lowest level with no longer wait between two crawls."""
_WAITED = 3.0
"""The price at which no account can wait longer."""
_UNFOLLOWED = _WAITED + DAYS - 1
HIGHEST_PRICE = _UNFOLLOWED + DAYS - 1
STRETCHED = 2
"""A budget that is too small doubles the longest wait of an account that is pushed."""
RESERVE = 0.01
"""Share of the budget that is not planned, for retries."""


@dataclass(frozen=True, slots=True)
class CrawlClass:
    """What distinguishes accounts when a budget is too small.

    `wait_days` is how many days an account can wait for a crawl without losing plays, `followed`
    whether its owner has many followers, and `pulled_every` how many days pass between two crawls
    because pushes bring its plays.
    """

    wait_days: int = 1
    followed: bool = False
    pulled_every: int = 1

    @property
    def is_pushed(self) -> bool:
        return self.pulled_every > 1


Counts = Mapping[CrawlClass, float]
"""Scheduled crawls of a day by class."""


def level(of: CrawlClass, price: float) -> float:
    """How many of seven scheduled crawls are done at `price`, from 1 to 7.

    Rows of pushed accounts are always dispatched, which checks that pushes still arrive.
    """
    if price <= 0 or of.is_pushed:
        return DAYS
    if of.followed:
        return _within(DAYS - (price - _UNFOLLOWED))
    waiting = max(_LEAST[of.wait_days], DAYS - price * (of.wait_days - 1))
    return _within(min(waiting, DAYS - (price - _WAITED)))


def requests(counts: Counts, price: float) -> float:
    """Number of crawls of a day, on average, that ask the provider at `price`."""
    return sum(count * _share(of, price) for of, count in counts.items())


def price_of(counts: Counts, crawls: float) -> float:
    """The lowest price at which at most so many `crawls` of a day ask the provider.

    HIGHEST_PRICE if there is none: then everyone is crawled once in seven times, and crawls wait.
    """
    if requests(counts, 0.0) <= crawls:
        return 0.0
    low, high = 0.0, HIGHEST_PRICE
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if requests(counts, middle) <= crawls else (middle, high)
    return high


def crawls_a_day(budget: Budget, unscheduled: float = 0.0) -> float:
    """How many scheduled crawls of a day the budget allows.

    `unscheduled` is the number of others: views and new connections. They get half of the budget at
    most, so that no amount of views stops the timetable. A budget of few crawls a second has no
    slots to lend from the express lane.
    """
    total = _DAY_SECONDS * budget.requests_per_second / budget.requests_per_crawl * (1 - RESERVE)
    if not budget.fitting(Lane.EXPRESS, BURST_SECONDS):
        total *= 1 - EXPRESS_SHARE
    return total - min(unscheduled, total / 2)


def is_kept(key: str, turn: int, at_level: float) -> bool:
    """Whether the `turn`-th scheduled crawl of the connection `key` is done at a level.

    A level between two whole numbers is the upper one for its share of the connections.
    """
    if at_level >= DAYS:
        return True
    digest = hashlib.blake2b(key.encode(), digest_size=4, person=b"shedding").digest()
    place, share = digest[0] * 256 + digest[1], (digest[2] * 256 + digest[3]) / 65_536
    return _RANKS[(turn + place) % DAYS] + share < at_level


@dataclass(frozen=True, slots=True)
class Plan:
    """The `price` of an app's budget on `day` (days since the epoch).

    `asked` counts all unscheduled crawls up to now, `asked_before` those up to the first tick of
    `day`.
    """

    day: int = 0
    price: float = 0.0
    asked: int = 0
    asked_before: int = 0

    @property
    def unscheduled(self) -> int:
        """Unscheduled crawls since the first tick of `day`."""
        return self.asked - self.asked_before


@dataclass(slots=True)
class Census:
    """The rows of a shard that were walked on `day`, by app and class, in so many `slots`."""

    day: int = 0
    slots: int = 0
    counts: dict[str, dict[CrawlClass, int]] = field(default_factory=dict)

    def add_slot(self, day: int, rows: Mapping[tuple[str, CrawlClass], int]) -> None:
        """Adds the rows of a slot by app and class. Another day begins at zero."""
        if day != self.day:
            self.day, self.slots, self.counts = day, 0, {}
        self.slots += 1
        for (app, of), number in rows.items():
            counts = self.counts.setdefault(app, {})
            counts[of] = counts.get(of, 0) + number


def rows_of_day(shards: Iterable[Census], slots: int) -> Mapping[str, Counts]:
    """The rows of a whole day by app, of a day with so many `slots`.

    A shard that has walked only some of them is taken as a sample. Empty as long as one of the
    shards has walked less than half: a day that begins says little.
    """
    total: dict[str, dict[CrawlClass, float]] = {}
    for shard in shards:
        if 2 * shard.slots < slots:
            return {}
        for app, counts in shard.counts.items():
            of_app = total.setdefault(app, {})
            for of, number in counts.items():
                of_app[of] = of_app.get(of, 0.0) + number * slots / shard.slots
    return total


def _share(of: CrawlClass, price: float) -> float:
    if of.is_pushed:
        return 1 / waited_days(of.pulled_every, short=price > 0)
    return level(of, price) / DAYS


def waited_days(pulled_every: int, *, short: bool) -> int:
    """Days between two crawls of a pushed account, while the budget is too `short` or not."""
    longest = pulled_every >= DAYS
    return pulled_every * STRETCHED if short and longest else pulled_every


def _within(found: float) -> float:
    return min(max(found, 1.0), float(DAYS))
