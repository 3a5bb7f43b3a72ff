"""Days of a sample of accounts, each crawled as the product's own code decides.

Scheduled crawls, their prices, cadences, views and pushes are decided by `topk.domain.crawl`; what
is simulated here are the owners: when they listen, when their lists are viewed, and whether their
plays are pushed.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from simulator.capacity.population import DAY_MINUTES, KINDS, Kind, reads_by_minute
from simulator.capacity.sample import Crawled, Sample
from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.budget import Budget
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.checkpoint import after_crawl
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.load_shedding import Counts, CrawlClass, crawls_a_day, price_of
from topk.domain.crawl.need import asks_on_view, wanted_through
from topk.domain.crawl.provider import Capabilities, Fetched
from topk.domain.crawl.push_coverage import (
    ALIVE_ACCOUNTS,
    WAIT_DAYS,
    Comparison,
    after_comparison,
    covered,
    is_compared,
    may_wait,
    without_gap,
)
from topk.domain.crawl.timetable import DAY_SECONDS, Cadence, Entry, Grid
from topk.domain.owner import Owner
from topk.domain.play import Play, Track

FIRST_DAY = 20_000
WARM_DAYS = 21
"""Days before the first one that counts, in which cadences, pushes and prices settle."""
GRID = Grid()
_TRACK = Track("t", "Song", ("Artist",))
_QUIET_DAYS = 40
"""Quiet owners have not listened for so long when the simulation begins."""


@dataclass(frozen=True, slots=True)
class AccountsOf:
    """A provider's accounts, and what its budget allows for each of them.

    `crawls_each` is the budget in crawls a day and account, `pushing` the share of the accounts
    whose plays are pushed.
    """

    provider: str
    capabilities: Capabilities
    bounds: Bounds
    view_after_seconds: int
    crawls_each: float = 1e6
    pushing: float = 0.0


@dataclass(slots=True)
class Account:
    """`plays` are in order (epoch seconds). `read_at` is when the provider was last asked."""

    kind: int
    plays: Sequence[int]
    pushing: bool
    connection: Connection
    read_at: int
    lost: int = 0
    brought: int = 0


@dataclass(slots=True)
class Accounts:
    """`seed` decides who listens and views, and when; the same in every simulation.

    `given` accounts, as they are when `first_day` begins, are used instead of `number` invented
    ones, and `counted` are the rows of the day before. Nobody views their lists.
    """

    of: AccountsOf
    days: int
    number: int
    seed: int
    grid: Grid = GRID
    first_day: int = FIRST_DAY
    given: Sequence[Account] = ()
    counted: Counts = field(default_factory=dict)
    price: float = 0.0
    prices: list[float] = field(default_factory=list)
    crawled: list[Crawled] = field(default_factory=list)
    with_plays: int = 0
    dispatched: int = 0

    def run(self) -> Sample:
        """The crawls of all days; those before the first that counts have negative times."""
        chance = np.random.default_rng(self.seed)
        accounts = self.given or [self._account(at, chance) for at in range(self.number)]
        rows: Counter[CrawlClass] = Counter()
        counted, unscheduled = self.counted, 0
        begin = self.first_day - (0 if self.given else WARM_DAYS)
        for day in range(begin, self.first_day + self.days):
            budget = Budget(self.of.crawls_each * len(accounts) / DAY_SECONDS, 1.0)
            if counted:
                self.price = price_of(counted, crawls_a_day(budget, unscheduled))
            self.prices.append(self.price)
            rows, before = Counter(), len(self.crawled)
            pushing = sum(one.pushing for one in accounts)
            for at, account in enumerate(accounts):
                self._live(at, account, day, rows, pushing, chance)
            unscheduled = sum(one.on_view for one in self.crawled[before:])
            counted = rows
            if day == self.first_day - 1:
                self.with_plays = 0
                for account in accounts:
                    account.lost = 0
        return self._sample(accounts)

    def _sample(self, accounts: Sequence[Account]) -> Sample:
        begin = self.first_day * DAY_SECONDS
        end = begin + self.days * DAY_SECONDS
        played = sum(sum(begin <= at < end for at in one.plays) for one in accounts)
        counted = [one for one in self.crawled if one.seconds >= 0]
        asked = [one for one in counted if one.asks]
        return Sample(
            kinds=[account.kind for account in accounts],
            crawled=self.crawled,
            days=self.days,
            plays=played,
            plays_lost=sum(one.lost for one in accounts),
            with_plays=self.with_plays / max(len(asked), 1),
            pushed_listening=sum(one.pushing and bool(one.plays) for one in accounts),
            price=float(np.mean(self.prices[-self.days :])),
        )

    def _account(self, number: int, chance: np.random.Generator) -> Account:
        shares = np.cumsum([kind.share for kind in KINDS])
        place = int(np.searchsorted(shares, (number + 0.5) / self.number))
        kind = KINDS[place]
        first, last = FIRST_DAY - WARM_DAYS, FIRST_DAY + self.days
        plays = _plays(kind, first, last, chance)
        begin = first * DAY_SECONDS
        connection = Connection(
            Owner("harbor", f"user-{number}"),
            self.of.provider,
            "",
            Status.ACTIVE,
            connected_at=begin - 400 * DAY_SECONDS,
            status_since=0,
            crawled_through=begin - DAY_SECONDS // 2,
            heard_at=begin - (DAY_SECONDS if kind.plays else _QUIET_DAYS * DAY_SECONDS),
            much_followed=kind.followed,
        )
        pushing = _evenly(number) < self.of.pushing
        if pushing and not kind.plays:
            connection = _known_as_pushed(connection, begin - number % WAIT_DAYS[-1] * DAY_SECONDS)
        return Account(place, plays, pushing, connection, begin)

    def _live(
        self,
        at: int,
        account: Account,
        day: int,
        rows: Counter[CrawlClass],
        pushing: int,
        chance: np.random.Generator,
    ) -> None:
        """The crawls of an account on one day, in the order of time."""
        jobs = [*self._due(account, day, rows), *self._viewed(account, day, chance)]
        for job in sorted(jobs, key=lambda one: one.at):
            connection, short = account.connection, self.price > 0
            if job.reason != "due":
                if not self._asks(connection, job):
                    continue
                account.connection = connection = replace(connection, viewed_at=job.at)
            if connection.crawled_through > wanted_through(job, now=job.at, short=short):
                continue
            asks = not self._is_left_out(account, job.at, short, pushing)
            if asks:
                self._crawl(account, job.at, short)
            seconds = job.at - self.first_day * DAY_SECONDS
            self.crawled.append(
                Crawled(at, seconds, asks, job.reason != "due", job.reason == "sought")
            )

    def _due(self, account: Account, day: int, rows: Counter[CrawlClass]) -> Iterator[CrawlJob]:
        owner, cadence = account.connection.owner, account.connection.cadence
        for entry in _entries(self.grid, owner.key, self.of.provider, cadence):
            rows[cadence.crawl_class] += 1
            if self.price <= 0 or entry.is_kept(day, self.price):
                self.dispatched += 1
                at = day * DAY_SECONDS + entry.minute * 60
                yield CrawlJob(owner, self.of.provider, at, "due", "")

    def _viewed(
        self, account: Account, day: int, chance: np.random.Generator
    ) -> Iterable[CrawlJob]:
        """The first view of a day, which finds an outdated list."""
        if self.given:
            return []
        kind = KINDS[account.kind]
        viewed, minute = chance.random(), float(chance.random())
        if viewed >= kind.viewed:
            return []
        first = _minute_of(minute / 50 if kind.followed else minute)
        at = day * DAY_SECONDS + first * 60 + 1
        reason = "sought" if kind.followed else "view"
        return [CrawlJob(account.connection.owner, self.of.provider, at, reason, "")]

    def _asks(self, connection: Connection, job: CrawlJob) -> bool:
        today = job.at - job.at % DAY_SECONDS
        is_current = connection.crawled_through >= today
        return not is_current and asks_on_view(
            connection, now=job.at, after_seconds=self.of.view_after_seconds
        )

    def _is_left_out(self, account: Account, now: int, short: bool, pushing: int) -> bool:
        if not (account.pushing and may_wait(account.connection, now=now, short=short)):
            return False
        last = _last(account.plays, now)
        pushed = [Play(self.of.provider, _TRACK, last)] if last else []
        moved = covered(account.connection, pushed, now=now, alive=pushing >= ALIVE_ACCOUNTS)
        account.connection = moved or account.connection
        return moved is not None

    def _crawl(self, account: Account, now: int, short: bool) -> None:
        before, depth = account.connection, self.of.capabilities.depth
        end = bisect_right(account.plays, now)
        new = end - bisect_right(account.plays, account.read_at)
        shown = new if depth is None else min(new, depth)
        account.brought += shown
        if not account.pushing:
            account.lost += new - shown
        self.with_plays += shown > 0
        heard = (Play(self.of.provider, _TRACK, account.plays[end - 1]),) if shown else ()
        full = depth is not None and new >= depth
        fetched = Fetched(
            heard,
            f"{now}",
            now,
            gap_since=account.read_at if full else None,
            read=shown,
            fill=shown / depth if depth else 0.0,
        )
        compared = None
        if account.pushing and is_compared(before, self.of.capabilities, now=now):
            compared = Comparison(both=shown, seconds=now - account.read_at, continues=True)
        moved = after_crawl(
            before,
            without_gap(fetched, compared),
            capabilities=self.of.capabilities,
            bounds=self.of.bounds,
            now=now,
            short=short,
        )
        account.connection = after_comparison(moved, compared, depth=depth, now=now)
        account.read_at = now


def _plays(kind: Kind, first: int, last: int, chance: np.random.Generator) -> list[int]:
    """The plays of an owner, by the same rhythm of the day as reads. Some quiet ones return."""
    rhythm = np.cumsum(reads_by_minute())
    days = np.arange(first, last)
    counts = chance.poisson(kind.plays, len(days)) if kind.plays else np.zeros(len(days), dtype=int)
    if kind.returns:
        returned = FIRST_DAY + int(chance.geometric(kind.returns)) - 1
        after = chance.poisson(_RETURNED.plays, len(days))
        counts = np.where(days >= returned, after, counts)
    at = np.repeat(days, counts) * DAY_SECONDS
    minutes = np.minimum(np.searchsorted(rhythm, chance.random(len(at))), DAY_MINUTES - 1)
    return [int(one) for one in np.sort(at + minutes * 60 + chance.integers(0, 60, len(at)))]


_RETURNED = next(kind for kind in KINDS if kind.name == "usual")
_RHYTHM: list[float] = np.cumsum(reads_by_minute()).tolist()


def _minute_of(share: float) -> int:
    return min(bisect_left(_RHYTHM, share), DAY_MINUTES - 1)


def _known_as_pushed(connection: Connection, pulled_at: int) -> Connection:
    """A quiet owner listened before, when crawls found that pushes bring the plays."""
    return replace(
        connection,
        push_agreed=len(WAIT_DAYS) - 1,
        pulled_at=pulled_at,
        cadence=Cadence(pulled_every=WAIT_DAYS[-1]),
    )


def _last(plays: Sequence[int], now: int) -> int:
    place = bisect_right(plays, now)
    return plays[place - 1] if place else 0


@lru_cache(maxsize=100_000)
def _entries(grid: Grid, owner_key: str, provider: str, cadence: Cadence) -> tuple[Entry, ...]:
    return grid.entries(owner_key, provider, cadence)


def _evenly(number: int) -> float:
    """Numbers in turn -> shares that are spread evenly over any run of numbers."""
    return number * 0.6180339887498949 % 1
