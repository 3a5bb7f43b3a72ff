"""Crawling: plays are written before the checkpoint, and every failure becomes an outcome."""

import asyncio
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest

from simulator.virtual_time import VirtualLoop
from tests.fakes import (
    ANNA,
    BEN,
    NOON,
    FakeConnections,
    FakePlays,
    FakeProvider,
    FakeTimetable,
    FakeVault,
    connection,
    play,
)
from topk.domain.account.connection import Connection, Grant, Status
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.provider import Fetched
from topk.domain.crawl.result import CrawlResult
from topk.domain.crawl.timetable import DAILY, Cadence, Entry, Grid
from topk.domain.errors import (
    AccessExpiredError,
    BadPayloadError,
    ConflictError,
    NotPermittedError,
    RateLimitedError,
    ReauthRequiredError,
    SealError,
    StoreError,
    TopkError,
    TransientError,
    UnexpectedError,
)
from topk.usecases.crawling.crawl import CrawlPorts, crawl
from topk.usecases.crawling.outcome import Outcome, Outcomes

HEARD = (play("Dawn", NOON - 600), play("Dusk", NOON - 300))
GRID = Grid(slot_minutes=10)
JOB = CrawlJob(ANNA, "spotify", NOON, "due", "correlation-1")


@dataclass
class World:
    provider: FakeProvider = field(default_factory=lambda: FakeProvider(plays=HEARD))
    connections: FakeConnections = field(default_factory=FakeConnections)
    timetable: FakeTimetable = field(default_factory=FakeTimetable)
    plays: FakePlays = field(default_factory=FakePlays)

    def add(self, found: Connection) -> None:
        self.connections.put(found)
        self.timetable.add(GRID.entries(found.owner.key, found.provider, found.cadence))

    @property
    def anna(self) -> Connection:
        return self.connections.rows[ANNA, "spotify"]

    def crawl(self, *jobs: CrawlJob, seconds_each: float = 5) -> Outcomes:
        numbers = itertools.count()
        crawling = crawl(
            jobs or (JOB,),
            CrawlPorts(
                connections=self.connections,
                timetable=self.timetable,
                plays=self.plays,
                vault=FakeVault(),
                provider=lambda *_: self.provider,
                bounds=lambda _: Bounds(),
                grid=GRID,
                new_id=lambda: f"crawl-{next(numbers)}",
                at_once=10,
                seconds_each=seconds_each,
            ),
            now=NOON,
        )
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(crawling)


CONNECTED = connection(version=1)


@pytest.fixture
def world() -> World:
    world = World()
    world.add(connection())
    return world


def test_writes_the_plays_and_moves_the_checkpoint(world: World) -> None:
    assert world.crawl() == {(ANNA, "spotify"): Outcome(CrawlResult.CRAWLED, plays=2)}
    assert [chunk.plays for chunk in world.plays.chunks] == [HEARD]
    assert (world.anna.checkpoint, world.anna.crawled_through) == ("+", NOON)


def test_writes_no_chunk_when_nothing_was_played(world: World) -> None:
    world.provider.plays = ()
    world.crawl()
    assert world.plays.chunks == []
    assert world.anna.crawled_through == NOON


def test_leaves_the_checkpoint_when_the_plays_could_not_be_written(world: World) -> None:
    world.plays.fails = StoreError("throttled")
    outcome = world.crawl()[ANNA, "spotify"]
    assert isinstance(outcome.failure, StoreError)
    assert world.anna == CONNECTED


def test_duplicate_jobs_crawl_a_connection_once(world: World) -> None:
    world.crawl(JOB, JOB, JOB)
    assert len(world.provider.fetched_with) == 1


def test_a_due_crawl_already_done_sends_no_request(world: World) -> None:
    world.add(connection(crawled_through=NOON + 1))
    assert world.crawl() == {(ANNA, "spotify"): Outcome(CrawlResult.FRESH)}
    assert world.provider.fetched_with == []


@pytest.mark.parametrize(
    "job", [JOB, replace(JOB, at=NOON + 2), replace(JOB, reason="resume", at=NOON - 60)]
)
def test_a_job_not_known_to_be_done_is_crawled(world: World, job: CrawlJob) -> None:
    world.add(connection(crawled_through=NOON if job is JOB else NOON + 1))
    assert world.crawl(job)[ANNA, "spotify"].result is CrawlResult.CRAWLED


def test_a_job_of_an_unknown_or_inactive_connection_is_completed(world: World) -> None:
    world.add(connection(BEN, status=Status.REAUTH_REQUIRED))
    outcomes = world.crawl(
        CrawlJob(BEN, "spotify", NOON, "due", "c"), CrawlJob(ANNA, "youtube", NOON, "due", "c")
    )
    assert {outcome.result for outcome in outcomes.values()} == {CrawlResult.GONE}
    assert world.provider.fetched_with == []


def test_refreshes_an_access_token_about_to_expire(world: World) -> None:
    sealed = FakeVault().seal(
        ANNA, "spotify", Grant("fake-old", "fake-refresh-token-1", NOON + 60), now=0
    )
    world.add(connection(sealed_grant=sealed))
    world.crawl()
    assert world.provider.fetched_with == ["fake-access-token-2"]
    assert "fake-access-token-2" not in world.anna.sealed_grant
    assert world.anna.version == 2, "one update a crawl"


def test_refreshes_once_when_the_provider_rejects_the_token(world: World) -> None:
    world.provider.troubles = [AccessExpiredError("401")]
    assert world.crawl()[ANNA, "spotify"].result is CrawlResult.CRAWLED
    assert world.provider.fetched_with == ["fake-access-token-1", "fake-access-token-2"]


def test_a_rotated_refresh_token_is_saved_before_anything_can_fail(world: World) -> None:
    world.provider.rotates = True
    world.provider.troubles = [AccessExpiredError("401"), TransientError("502")]
    assert isinstance(world.crawl()[ANNA, "spotify"].failure, TransientError)
    assert "fake-refresh-token-2" in world.anna.sealed_grant


def test_a_dead_grant_ends_the_connection_and_is_not_retried(world: World) -> None:
    world.provider.troubles = [ReauthRequiredError("invalid_grant")]
    assert world.crawl()[ANNA, "spotify"] == Outcome(CrawlResult.REAUTH_REQUIRED, again_in=600)
    assert (world.anna.status, world.anna.reason, world.anna.status_since) == (
        Status.REAUTH_REQUIRED,
        "invalid_grant",
        NOON,
    )


def test_a_crawl_completes_after_a_rival_stores_a_grant_and_dies() -> None:
    world = World()
    world.add(connection())
    world.provider.troubles = [ReauthRequiredError("invalid_grant")]
    ended = world.crawl()[ANNA, "spotify"]
    world.connections.update(replace(world.anna, status=Status.ACTIVE))

    assert ended.again_in
    assert world.crawl()[ANNA, "spotify"].result is CrawlResult.CRAWLED


def test_a_grant_renewed_by_another_crawl_is_not_dead() -> None:
    world = World(connections=_Overtaken())
    world.add(connection())
    world.provider.troubles = [ReauthRequiredError("invalid_grant")]
    assert world.crawl()[ANNA, "spotify"] == Outcome(CrawlResult.LOST_RACE, again_in=0)
    assert world.anna.status is Status.ACTIVE


def test_the_loser_of_a_version_race_keeps_the_other_checkpoint() -> None:
    world = World(connections=_Overtaken())
    world.add(connection())
    assert world.crawl()[ANNA, "spotify"] == Outcome(CrawlResult.LOST_RACE, plays=2, again_in=0)
    assert world.anna.checkpoint == ""
    assert len(world.plays.chunks) == 1


def test_a_crawl_completes_after_a_rival_claims_the_version_and_dies() -> None:
    world = World(connections=_Claimed())
    world.add(connection())
    overtaken = world.crawl()[ANNA, "spotify"]
    assert overtaken.again_in is not None
    assert world.crawl()[ANNA, "spotify"].result is CrawlResult.CRAWLED
    assert world.anna.checkpoint


class _Claimed(FakeConnections):
    """Another writer increments the version before the first update, then stops."""

    claimed = False

    def update(self, connection: Connection) -> Connection:
        if not self.claimed:
            self.claimed = True
            self.put(self.rows[connection.owner, connection.provider])
        return super().update(connection)


class _Overtaken(FakeConnections):
    def update(self, connection: Connection) -> Connection:
        raise ConflictError("version")


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (RateLimitedError(72_000), Outcome(CrawlResult.RATE_LIMITED, again_in=72_000)),
        (RateLimitedError(60, "user"), Outcome(CrawlResult.USER_LIMITED, again_in=60)),
        (NotPermittedError("403"), Outcome(CrawlResult.NOT_PERMITTED)),
    ],
)
def test_a_refusal_does_not_count_as_a_failed_attempt(
    world: World, trouble: TopkError, expected: Outcome
) -> None:
    world.provider.troubles = [trouble]
    assert world.crawl()[ANNA, "spotify"] == expected
    assert world.anna == CONNECTED


@pytest.mark.parametrize("trouble", [TransientError("502"), BadPayloadError("not JSON")])
def test_a_failing_crawl_does_not_delay_the_others(world: World, trouble: TopkError) -> None:
    world.add(connection(BEN))
    world.provider.troubles = [trouble]
    outcomes = world.crawl(JOB, CrawlJob(BEN, "spotify", NOON, "due", "c"))
    assert outcomes[ANNA, "spotify"].failure is trouble
    assert outcomes[BEN, "spotify"].result is CrawlResult.CRAWLED


def test_an_internal_error_in_one_crawl_does_not_delay_the_others(world: World) -> None:
    class _Broken(FakeProvider):
        async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
            if not self.fetched_with:
                self.fetched_with.append("broken")
                raise KeyError("fake-access-token-1")
            return await super().fetch(grant, checkpoint, now=now)

    world.provider = _Broken(plays=HEARD)
    world.add(connection(BEN))
    outcomes = world.crawl(JOB, CrawlJob(BEN, "spotify", NOON, "due", "c"))
    failure = outcomes[ANNA, "spotify"].failure
    assert isinstance(failure, UnexpectedError)
    assert str(failure).startswith("KeyError at test_crawl.py:")
    assert outcomes[BEN, "spotify"].result is CrawlResult.CRAWLED


def test_a_crawl_that_takes_too_long_is_cancelled(world: World) -> None:
    class _Silent(FakeProvider):
        async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
            await asyncio.Event().wait()
            raise AssertionError

    world.provider = _Silent()
    outcome = world.crawl(seconds_each=0.01)[ANNA, "spotify"]
    assert isinstance(outcome.failure, TransientError)


def test_all_is_retried_when_the_connections_cannot_be_read(world: World) -> None:
    world.connections.fails = StoreError("throttled")
    assert isinstance(world.crawl()[ANNA, "spotify"].failure, StoreError)


def test_a_crawl_is_delayed_while_the_provider_prepares_an_export(world: World) -> None:
    world.provider.resume_after = 300
    assert world.crawl()[ANNA, "spotify"].again_in == 300


def test_the_fetch_timeout_does_not_cancel_a_refresh(world: World) -> None:
    class _Slow(FakeProvider):
        async def refresh(self, grant: Grant, *, now: int) -> Grant:
            await asyncio.sleep(0.05)
            return await super().refresh(grant, now=now)

    world.provider = _Slow(rotates=True, troubles=[AccessExpiredError("401")])
    assert world.crawl(seconds_each=0.01)[ANNA, "spotify"].result is CrawlResult.CRAWLED


def test_a_grant_that_cannot_be_opened_fails_only_that_crawl(world: World) -> None:
    world.add(connection(BEN, sealed_grant=connection().sealed_grant))
    outcomes = world.crawl(JOB, CrawlJob(BEN, "spotify", NOON, "due", "c"))
    assert isinstance(outcomes[BEN, "spotify"].failure, SealError)
    assert outcomes[ANNA, "spotify"].result is CrawlResult.CRAWLED


def test_new_plays_set_the_cadence_and_the_timetable_follows(world: World) -> None:
    world.add(connection(crawled_through=NOON - 86_400))
    world.provider.fill = 0.85
    world.crawl()
    assert (world.anna.cadence, world.anna.version) == (Cadence(2), 2)
    assert world.timetable.rows == set(GRID.entries(ANNA.key, "spotify", Cadence(2)))


def test_a_due_row_outside_the_cadence_is_removed(world: World) -> None:
    daily = set(world.timetable.rows)
    world.timetable.rows |= {
        row
        for row in GRID.entries(ANNA.key, "spotify", Cadence(3))
        if row.minute not in {one.minute for one in daily}
    }
    for row in world.timetable.rows - daily:
        world.crawl(replace(JOB, slot=NOON - NOON % 86_400 + 60 * row.minute))
        assert row not in world.timetable.rows
    assert world.timetable.rows == daily


def test_the_rows_of_a_deleted_connection_are_removed(world: World) -> None:
    world.connections.rows = {}
    (row,) = world.timetable.rows
    assert world.crawl(replace(JOB, slot=60 * row.minute)) == {
        (ANNA, "spotify"): Outcome(CrawlResult.GONE)
    }
    assert world.timetable.rows == set()


def test_plays_are_counted_even_if_the_timetable_fails(world: World) -> None:
    class _Down(FakeTimetable):
        def add(self, entries: Iterable[Entry]) -> None:
            if list(entries):
                raise StoreError("throttled")

        remove = add

    world.timetable = _Down()
    assert world.crawl(replace(JOB, slot=60))[ANNA, "spotify"] == Outcome(
        CrawlResult.CRAWLED, plays=2
    )
    world.provider.fill = 1.0
    outcome = world.crawl(replace(JOB, reason="resume"))[ANNA, "spotify"]
    assert isinstance(outcome.failure, StoreError)
    assert (len(world.plays.chunks), world.anna.cadence) == (2, DAILY)


def test_a_suspected_gap_lists_its_days(world: World) -> None:
    class _Full(FakeProvider):
        async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
            return Fetched(HEARD, "full", now, gap_since=now - 86_400)

    world.provider = _Full()
    world.crawl()
    assert world.anna.gaps == (NOON // 86_400 - 1, NOON // 86_400)
