"""Concurrent refreshes of one grant never lose the provider's latest token."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, cycle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fakes import ANNA, NOON, FakeConnections, FakeProvider, FakeVault, connection
from tests.interleaving import Interleaving
from topk.domain.account.connection import Connection, Grant, Status
from topk.domain.errors import ConflictError, ReauthRequiredError, StoreError
from topk.domain.owner import Owner
from topk.usecases.crawling.renew_grant import Grants

KEY = (ANNA, "spotify")
OLD = Grant("fake-access-token-1", "fake-refresh-token-1", NOON)
_turns = st.lists(st.integers(0, 5), max_size=40)


@dataclass
class _Connections(FakeConnections):
    interleaving: Interleaving = field(default_factory=Interleaving)
    failures: list[StoreError | None] = field(default_factory=list)

    def get_many(self, keys: Iterable[tuple[Owner, str]]) -> list[Connection]:
        self.interleaving.step()
        return super().get_many(keys)

    def update(self, connection: Connection) -> Connection:
        self.interleaving.step()
        if self.failures and (failure := self.failures.pop(0)):
            raise failure
        return super().update(connection)

    def put(self, connection: Connection) -> None:
        self.interleaving.step()
        super().put(connection)


@dataclass
class _Rotating(FakeProvider):
    """Each refresh token works once; only the latest one is valid."""

    living: str = "fake-refresh-token-1"
    interleaving: Interleaving = field(default_factory=Interleaving)

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        self.interleaving.step()
        if grant.refresh_token != self.living:
            raise ReauthRequiredError("invalid_grant")
        self.refreshed += 1
        self.living = f"fake-refresh-token-{self.refreshed + 1}"
        fresh = Grant(f"fake-access-token-{self.refreshed + 1}", self.living, now)
        self.interleaving.step()
        return fresh


@dataclass
class World:
    interleaving: Interleaving = field(default_factory=Interleaving)

    def __post_init__(self) -> None:
        self.connections = _Connections(interleaving=self.interleaving)
        self.provider = _Rotating(interleaving=self.interleaving)
        self.grants = Grants(self.connections, FakeVault(), NOON)
        sealed = FakeVault().seal(*KEY, OLD, now=0)
        self.connections.rows = {KEY: connection(sealed_grant=sealed, version=1)}

    def crawl(self) -> str:
        """What a crawl does with an expired access token."""
        for found in self.connections.get_many([KEY]):
            if found.status is not Status.ACTIVE:
                return "waits"
            try:
                renewed, _ = asyncio.run(
                    self.grants.renew(self.provider, found, self.grants.of(found))
                )
            except ReauthRequiredError as error:
                return "ended" if self.grants.end(found, error.reason) else "again"
            self.connections.update(replace(renewed, checkpoint=f"{renewed.checkpoint}+"))
        return "crawled"

    def move(self) -> None:
        """Another crawl, with a token that was still valid, moves the checkpoint."""
        for found in self.connections.get_many([KEY]):
            self.connections.update(replace(found, checkpoint="moved"))

    def consent(self) -> None:
        """The user connects the account again."""
        for found in self.connections.get_many([KEY]):
            self.provider.living = "fake-refresh-token-new"
            new = Grant("fake-access-token-new", self.provider.living, NOON)
            sealed = FakeVault().seal(*KEY, new, now=0)
            active = replace(found, sealed_grant=sealed, status=Status.ACTIVE, reason="")
            self.connections.update(active)

    @property
    def stored(self) -> Connection:
        return self.connections.rows[KEY]


def _schedule(turns: list[int]) -> Iterator[int]:
    return chain(turns, cycle([0, 1, 2]))


@given(_turns)
@example([1, 0, 0, 0, 1, 1, 1, 1, 0, 0])
def test_racing_refreshes_store_the_valid_grant(turns: list[int]) -> None:
    world = World()
    world.interleaving.run([world.crawl, world.crawl, world.move], _schedule(turns))
    assert world.grants.of(world.stored).refresh_token == world.provider.living
    assert (world.stored.status, world.stored.reason) == (Status.ACTIVE, "")
    assert world.stored.status_since == connection().status_since


@given(_turns)
def test_a_new_consent_is_never_overwritten(turns: list[int]) -> None:
    world = World()
    results = world.interleaving.run([world.crawl, world.crawl, world.consent], _schedule(turns))
    if not isinstance(results[2], ConflictError):
        assert world.grants.of(world.stored).refresh_token == world.provider.living
        assert world.stored.status is Status.ACTIVE


def test_a_stale_grant_written_first_is_overwritten() -> None:
    world = World()
    (read,) = world.connections.get_many([KEY])
    assert world.grants.end(read, "invalid_grant")
    assert (world.stored.status, world.stored.reason) == (Status.REAUTH_REQUIRED, "invalid_grant")
    renewed, _ = asyncio.run(world.grants.renew(world.provider, read, OLD))
    assert (renewed, renewed.status) == (world.stored, Status.ACTIVE)


def test_the_refusal_of_a_replaced_grant_is_ignored() -> None:
    world = World()
    (read,) = world.connections.get_many([KEY])
    world.crawl()
    assert not world.grants.end(read, "invalid_grant")
    assert world.stored.status is Status.ACTIVE


def test_a_dead_grant_is_ended_once() -> None:
    world = World()
    world.provider.living = "fake-refresh-token-of-another"
    (read,) = world.connections.get_many([KEY])
    assert world.crawl() == "ended"
    later = Grants(world.connections, FakeVault(), NOON + 60)
    assert later.end(read, "invalid_grant")
    assert world.stored.status_since == NOON


def test_a_fresh_grant_survives_failures_of_the_table() -> None:
    world = World()
    world.connections.failures = [StoreError("throttled"), StoreError("throttled")]
    assert world.crawl() == "crawled"
    assert world.grants.of(world.stored).refresh_token == world.provider.living


def test_a_refresh_that_keeps_the_token_costs_no_write() -> None:
    world = World()
    (read,) = world.connections.get_many([KEY])
    renewed, fresh = asyncio.run(world.grants.renew(FakeProvider(), read, OLD))
    assert (renewed.version, world.stored) == (read.version, read)
    assert world.grants.of(renewed) == fresh.at_rest


def test_an_access_token_that_expires_before_the_next_crawl_is_not_stored() -> None:
    world = World()
    (read,) = world.connections.get_many([KEY])
    renewed, fresh = asyncio.run(world.grants.renew(FakeProvider(), read, OLD))
    kept = world.grants.of(renewed)
    assert fresh.access_token
    assert (kept.access_token, kept.refresh_token) == ("", fresh.refresh_token)
    assert kept.expires_at == 0, "the next crawl refreshes before it reads"


def test_a_grant_without_a_refresh_token_is_stored_complete() -> None:
    grant = Grant("fake-session-key-1", account="anna")
    assert grant.at_rest == grant


def test_a_disconnected_account_is_not_restored() -> None:
    world = World()
    (read,) = world.connections.get_many([KEY])
    world.connections.rows = {}
    assert not world.grants.end(read, "invalid_grant")
    with pytest.raises(ConflictError):
        asyncio.run(world.grants.renew(world.provider, read, OLD))
    assert world.connections.rows == {}
