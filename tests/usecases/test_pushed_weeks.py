"""Weeks in which an account is crawled and its plays are pushed, in virtual time."""

import asyncio
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.virtual_time import VirtualLoop
from tests.fakes import (
    ANNA,
    DAY,
    FakeConnections,
    FakePlays,
    FakeProvider,
    FakeTimetable,
    FakeVault,
    connection,
    play,
)
from topk.domain.account.connection import Connection, Grant
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.provider import Capabilities, Fetched
from topk.domain.crawl.result import CrawlResult
from topk.domain.crawl.timetable import Grid
from topk.domain.play import Play, Precision, plays_of
from topk.domain.play_rule import PlayReport
from topk.usecases.crawling.crawl import CrawlPorts, crawl
from topk.usecases.crawling.crawl_stats import CrawlStats
from topk.usecases.scrobbling.submit_plays import SCROBBLER, submit_plays

DEPTH = 50
START = 20_700 * DAY
DAYS = 36
GRID = Grid()


@dataclass
class Ring(FakeProvider):
    """Keeps the last DEPTH plays, by their ends."""

    ended: list[Play] = field(default_factory=list)
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(DEPTH, Precision.END))

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        last = int(checkpoint or 0)
        done = bisect_right([one.listened_at for one in self.ended], now)
        shown = self.ended[max(done - DEPTH, 0) : done]
        new = tuple(one for one in shown if one.listened_at > last)
        full = last > 0 and len(new) == DEPTH
        return Fetched(
            new,
            str(now),
            now,
            gap_since=last if full else None,
            read=len(shown),
            fill=len(new) / DEPTH,
        )


@dataclass
class Account:
    """Someone who plays `per_day` songs a day, of which a player pushes those before `silent`."""

    per_day: int
    seed: int = 0
    silent: int = DAYS
    others: int = 0
    """Songs a day that the player pushes from elsewhere."""
    plays: FakePlays = field(default_factory=FakePlays)
    connections: FakeConnections = field(default_factory=FakeConnections)
    provider: Ring = field(default_factory=Ring)
    crawls: list[int] = field(default_factory=list)
    """Days of the crawls that asked the provider."""
    compared: list[CrawlStats] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connections.put(connection(connected_at=START))
        self.pushes = self._listen()

    @property
    def connection(self) -> Connection:
        return self.connections.rows[ANNA, "spotify"]

    @property
    def lost(self) -> int:
        """Plays of the account that neither way brought until its last crawl."""
        stored = {
            (one.track.title, one.started_at)
            for one in plays_of((chunk.fetched_at, chunk.plays) for chunk in self.plays.chunks)
        }
        through = self.connection.crawled_through
        done = [one for one in self.provider.ended if START < one.listened_at < through]
        return sum((one.track.title, one.started_at) not in stored for one in done)

    def run(self) -> None:
        now, waiting = START + 600, list(self.pushes)
        while now < START + DAYS * DAY:
            while waiting and waiting[0].listened_at + 210 <= now:
                self._push(waiting.pop(0))
            self._crawl(now)
            now = self._next_job(now)

    def _listen(self) -> list[Play]:
        """Songs evenly through each day; the pushes of them and of those from elsewhere."""
        dice = Random(self.seed)
        pushes: list[Play] = []
        for day in range(DAYS):
            of_day = [True] * self.per_day + [False] * self.others
            dice.shuffle(of_day)
            for number, own in enumerate(of_day):
                at = START + DAY * day + number * (DAY // len(of_day))
                title = f"Song {dice.randint(1, 30)}"
                if own:
                    self.provider.ended.append(play(title, at + 200, precision=Precision.END))
                if day < self.silent or not own:
                    pushes.append(play(title, at, provider=SCROBBLER))
        return pushes

    def _push(self, pushed: Play) -> None:
        submit_plays(
            ANNA, [PlayReport(pushed)], plays=self.plays, retention_days=99, now=pushed.listened_at
        )

    def _crawl(self, now: int) -> None:
        ports = CrawlPorts(
            connections=self.connections,
            timetable=FakeTimetable(),
            plays=self.plays,
            vault=FakeVault(),
            provider=lambda *_: self.provider,
            bounds=lambda _: Bounds(),
            grid=GRID,
            new_id=lambda: f"{now}",
            at_once=1,
            seconds_each=5,
        )
        job = CrawlJob(ANNA, "spotify", now, "due", "c")
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            outcome = runner.run(crawl([job], ports, now=now))[ANNA, "spotify"]
        assert outcome.result in {CrawlResult.CRAWLED, CrawlResult.PUSHED}
        if outcome.result is CrawlResult.CRAWLED:
            self.crawls.append((now - START) // DAY)
            self.compared.append(outcome.stats)

    def _next_job(self, now: int) -> int:
        cadence = self.connection.cadence
        return min(
            DAY * day + 60 * entry.minute
            for entry in GRID.entries(ANNA.key, "spotify", cadence)
            for day in range(now // DAY, now // DAY + 2)
            if DAY * day + 60 * entry.minute > now
        )


def test_a_pushed_account_is_crawled_weekly() -> None:
    account = Account(per_day=15)
    account.run()
    gaps = [later - day for day, later in pairwise(account.crawls)]
    assert gaps[-2:] == [7, 7]
    assert sorted(gaps) == gaps, "never sooner again while the two agree"
    assert (account.lost, account.connection.gaps) == (0, ())
    compared = [one.compared for one in account.compared if one.compared]
    assert sum(one.only_crawled for one in compared) == 0
    assert sum(one.both for one in compared) > 100


def test_an_account_that_nobody_pushes_stays_daily() -> None:
    account = Account(per_day=15, silent=0)
    account.run()
    assert sorted({*account.crawls}) == [*range(DAYS)]
    assert all(one.compared is None for one in account.compared)


def test_an_account_is_daily_again_when_its_push_falls_silent() -> None:
    account = Account(per_day=15, silent=25)
    account.run()
    after = [day for day in account.crawls if day >= 25]
    assert after[0] <= 27
    assert after == [*range(after[0], DAYS)]
    assert account.lost == 0
    assert account.connection.push_agreed == 0
    assert account.connection.gaps == (), "the pushes have brought what the history no longer had"


def test_a_push_that_loses_plays_does_not_make_crawls_rarer() -> None:
    account = Account(per_day=15)
    account.pushes = [one for at, one in enumerate(account.pushes) if at % 5]
    account.run()
    assert sorted({*account.crawls}) == [*range(DAYS)]
    missed = sum(one.compared.only_crawled for one in account.compared if one.compared)
    assert missed > 0
    assert account.lost == 0


@settings(max_examples=15, deadline=None)
@given(st.integers(5, 90), st.integers(0, 20), st.integers(0, DAYS), st.integers(0, 99))
def test_no_play_is_lost_whenever_a_push_ends(
    per_day: int, others: int, silent: int, seed: int
) -> None:
    """As few as without pushes, for accounts whose history holds two days."""
    account = Account(per_day, seed, silent, others)
    account.run()
    alone = Account(per_day, seed, 0, 0)
    alone.run()
    assert account.lost <= alone.lost
    assert len(account.crawls) <= len(alone.crawls) + 2 * DAYS
