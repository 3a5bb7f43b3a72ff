"""Crawls that are not needed end before they take a slot of the budget."""

from dataclasses import replace

import pytest

from tests.fakes import (
    ANNA,
    DAY,
    NOON,
    FakeConnections,
    FakePlays,
    FakeTimetable,
    connection,
    play,
)
from topk.domain.account.connection import Connection, Status
from topk.domain.chunk import Chunk, pushed
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.push_coverage import ALIVE_ACCOUNTS, WAIT_DAYS
from topk.domain.crawl.result import CrawlResult
from topk.domain.crawl.timetable import Cadence, Grid
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.usecases.crawling.crawl_schedule import ScheduleWriter
from topk.usecases.crawling.needed_crawls import Needed, needed_crawls

USUAL = connection(crawled_through=NOON - DAY)
QUIET = replace(
    USUAL,
    push_agreed=3,
    pulled_at=NOON - DAY,
    heard_at=NOON - 9 * DAY,
    cadence=Cadence(pulled_every=WAIT_DAYS[3]),
)
KEY = (ANNA, "spotify")


def _needed(
    *found: Connection, reason: str = "due", short: bool = False, chunks: tuple[Chunk, ...] = ()
) -> Needed:
    connections, plays = FakeConnections(), FakePlays()
    for one in found:
        connections.put(one)
    plays.append(chunks)
    owners = [one.owner for one in found] or [ANNA]
    jobs = [CrawlJob(owner, "spotify", NOON - 60, reason, "c-1") for owner in owners]
    return needed_crawls(
        jobs,
        connections=connections,
        plays=plays,
        schedule=ScheduleWriter(connections, FakeTimetable(), Grid()),
        now=NOON,
        short=short,
    )


def _pushed(number: int, ago: int) -> tuple[tuple[Connection, ...], tuple[Chunk, ...]]:
    """Accounts whose provider pushed a play so many seconds ago."""
    found, chunks = [], []
    for place in range(number):
        owner = Owner("harbor", f"pushed-{place}")
        found.append(replace(QUIET, owner=owner, heard_at=NOON - DAY))
        chunks.append(pushed(owner, "spotify", [play("Dawn", NOON - ago)]))
    return tuple(found), tuple(chunks)


@pytest.mark.parametrize(
    ("found", "result"),
    [
        ([], CrawlResult.GONE),
        ([replace(USUAL, status=Status.PAUSED)], CrawlResult.GONE),
        ([replace(USUAL, crawled_through=NOON - 30)], CrawlResult.FRESH),
    ],
    ids=["disconnected", "paused", "crawled since"],
)
def test_what_has_nothing_to_crawl_is_settled(found: list[Connection], result: CrawlResult) -> None:
    needed = _needed(*found)
    assert needed.settled[KEY].result is result
    assert needed.connections == {}


@pytest.mark.parametrize("short", [False, True])
def test_what_is_behind_is_needed(short: bool) -> None:
    needed = _needed(USUAL, short=short)
    assert set(needed.connections) == {KEY}
    assert needed.settled == {}
    assert needed.short == (frozenset({KEY}) if short else frozenset())


@pytest.mark.parametrize(("short", "is_needed"), [(False, True), (True, False)])
def test_a_view_of_what_was_crawled_within_a_day_waits_while_the_budget_is_too_small(
    short: bool, is_needed: bool
) -> None:
    crawled = replace(USUAL, crawled_through=NOON - 21 * 3600)
    assert (KEY in _needed(crawled, reason="view", short=short).connections) is is_needed
    assert KEY in _needed(crawled, reason="sought", short=short).connections


def test_a_quiet_account_waits_while_the_provider_pushes_for_others() -> None:
    others, chunks = _pushed(ALIVE_ACCOUNTS, ago=3600)
    needed = _needed(QUIET, *others, chunks=chunks)
    assert {one.result for one in needed.settled.values()} == {CrawlResult.PUSHED}
    assert len(needed.settled) == 1 + ALIVE_ACCOUNTS


@pytest.mark.parametrize(
    ("number", "ago"), [(ALIVE_ACCOUNTS - 1, 3600), (ALIVE_ACCOUNTS, 3 * 3600)]
)
def test_a_quiet_account_is_crawled_if_the_provider_may_have_stopped_pushing(
    number: int, ago: int
) -> None:
    others, chunks = _pushed(number, ago)
    assert KEY in _needed(QUIET, *others, chunks=chunks).connections


def test_an_account_that_fell_silent_is_crawled_once_before_it_counts_as_quiet() -> None:
    silent = replace(QUIET, heard_at=NOON - DAY - 3600)
    others, chunks = _pushed(ALIVE_ACCOUNTS, ago=60)
    assert KEY in _needed(silent, *others, chunks=chunks).connections


def test_a_pushed_account_waits_two_weeks_while_the_budget_is_too_small() -> None:
    pulled = replace(QUIET, pulled_at=NOON - 10 * DAY, heard_at=NOON - 20 * DAY)
    others, chunks = _pushed(ALIVE_ACCOUNTS, ago=60)
    assert KEY in _needed(pulled, *others, chunks=chunks).connections
    assert KEY not in _needed(pulled, *others, chunks=chunks, short=True).connections
    late = replace(pulled, pulled_at=NOON - 14 * DAY)
    assert KEY in _needed(late, *others, chunks=chunks, short=True).connections


def test_connections_that_cannot_be_read_are_retried() -> None:
    class _Down(FakeConnections):
        def get_many(self, keys: object) -> list[Connection]:
            raise StoreError("throttled")

    needed = needed_crawls(
        [CrawlJob(ANNA, "spotify", NOON, "due", "c-1")],
        connections=_Down(),
        plays=FakePlays(),
        schedule=ScheduleWriter(_Down(), FakeTimetable(), Grid()),
        now=NOON,
    )
    assert needed.settled[KEY].failure
