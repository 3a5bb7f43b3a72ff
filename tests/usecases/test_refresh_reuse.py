"""Reuse of a rotated refresh token ends the grant once and requires reauthorisation."""

from dataclasses import dataclass, field

from tests.fakes import ANNA, NOON, FakeProvider, FakeVault, connection
from tests.usecases.test_crawl import World
from topk.domain.account.connection import Grant, Status
from topk.domain.crawl.result import CrawlResult
from topk.domain.errors import ReauthRequiredError

STOLEN = "fake-refresh-token-1"
EXPIRED = Grant("fake-access-token-1", STOLEN, NOON - 3600)


@dataclass
class _Watchful(FakeProvider):
    """Revokes the whole grant when a used token is presented again (RFC 9700, 4.14.2)."""

    rotates: bool = True
    living: str = STOLEN
    asked: list[str] = field(default_factory=list)

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        self.asked.append(str(grant.refresh_token))
        if grant.refresh_token != self.living:
            self.living = ""
            raise ReauthRequiredError("invalid_grant")
        fresh = await super().refresh(grant, now=now)
        self.living = str(fresh.refresh_token)
        return fresh


def test_a_stolen_token_used_before_ours_ends_the_grant_with_a_reason_and_no_loop() -> None:
    provider = _Watchful(living="fake-refresh-token-of-the-thief")
    world = _world(provider)
    assert world.crawl()[ANNA, "spotify"].result is CrawlResult.REAUTH_REQUIRED
    assert (world.anna.status, world.anna.reason) == (Status.REAUTH_REQUIRED, "invalid_grant")
    for _ in range(3):
        assert world.crawl()[ANNA, "spotify"].result is CrawlResult.GONE
    assert provider.asked == [STOLEN], "the spent token is shown once"
    assert provider.fetched_with == []


def test_a_stolen_token_used_after_ours_ends_both_and_the_next_refresh_reports_it() -> None:
    provider = _Watchful()
    world = _world(provider)
    assert world.crawl()[ANNA, "spotify"].result is CrawlResult.CRAWLED
    provider.living = ""
    world.connections.rows[ANNA, "spotify"] = connection(
        version=world.anna.version,
        sealed_grant=_sealed(Grant("fake-access-token-2", "fake-refresh-token-2", NOON - 1)),
    )
    assert world.crawl()[ANNA, "spotify"].result is CrawlResult.REAUTH_REQUIRED
    assert provider.asked == [STOLEN, "fake-refresh-token-2"]


def _world(provider: FakeProvider) -> World:
    world = World(provider)
    world.add(connection(sealed_grant=_sealed(EXPIRED)))
    return world


def _sealed(grant: Grant) -> str:
    return FakeVault().seal(ANNA, "spotify", grant, now=NOON)
