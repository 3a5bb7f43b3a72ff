"""Connecting an account, and taking it away."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from tests.fakes import (
    ANNA,
    BEN,
    NOON,
    FakeConnections,
    FakeHandshakes,
    FakeProfiles,
    FakeProvider,
    FakeProviderUsers,
    FakeQueues,
    FakeTimetable,
    FakeVault,
    connection,
)
from topk.domain.connection import Status
from topk.domain.errors import (
    ConflictError,
    HandshakeError,
    InvalidRequestError,
    TopkError,
    TransientError,
)
from topk.domain.play import Precision
from topk.domain.provider import Capabilities
from topk.domain.timetable import DAILY, Cadence, Grid
from topk.usecases.begin_connection import begin_connection
from topk.usecases.complete_connection import Completed, complete_connection
from topk.usecases.disconnect import disconnect

HOME = "https://harbor.example/accounts"
GRID = Grid(slot_minutes=10)


@dataclass
class World:
    provider: FakeProvider = field(default_factory=FakeProvider)
    handshakes: FakeHandshakes = field(default_factory=FakeHandshakes)
    connections: FakeConnections = field(default_factory=FakeConnections)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    provider_users: FakeProviderUsers = field(default_factory=FakeProviderUsers)
    timetable: FakeTimetable = field(default_factory=FakeTimetable)
    queues: FakeQueues = field(default_factory=FakeQueues)

    def begin(self, return_to: str | None = None) -> str:
        secrets = iter(("fake-state-1", "fake-verifier-1"))
        return begin_connection(
            ANNA,
            self.provider,
            return_to=return_to,
            allowed_returns=(HOME, "https://harbor.example/welcome"),
            redirect_uri="https://api.example/v1/oauth/spotify/callback",
            handshakes=self.handshakes,
            new_secret=lambda: next(secrets),
            now=NOON,
        )

    def complete(self, answer: Mapping[str, str], *, now: int = NOON) -> Completed:
        return asyncio.run(
            complete_connection(
                self.provider,
                answer,
                handshakes=self.handshakes,
                connections=self.connections,
                profiles=self.profiles,
                provider_users=self.provider_users,
                timetable=self.timetable,
                queues=self.queues,
                vault=FakeVault(),
                grid=GRID,
                cadence=DAILY,
                correlation="c-1",
                now=now,
            )
        )

    def disconnect(self) -> None:
        asyncio.run(
            disconnect(
                ANNA,
                "spotify",
                provider=lambda _: self.provider,
                connections=self.connections,
                provider_users=self.provider_users,
                timetable=self.timetable,
                vault=FakeVault(),
                grid=GRID,
            )
        )

    @property
    def stored(self) -> tuple[object, ...]:
        return (
            self.connections.rows,
            self.profiles.rows,
            self.timetable.rows,
            self.queues.sent,
            self.provider_users.rows,
        )


@pytest.fixture
def world() -> World:
    return World()


BACK = {"state": "fake-state-1", "code": "fake-code-1"}
NOTHING: tuple[object, ...] = ({}, {}, set(), [], {})


def test_the_browser_goes_to_the_provider_and_only_a_hash_of_the_state_is_kept(
    world: World,
) -> None:
    assert world.begin().endswith("?state=fake-state-1")
    (handshake,) = world.handshakes.rows.values()
    assert "fake-state-1" not in repr(handshake)
    assert handshake.return_to == HOME


@pytest.mark.parametrize("goal", ["https://evil.example", HOME + "/", HOME + "?next=evil", ""])
def test_only_a_declared_address_is_returned_to(world: World, goal: str) -> None:
    with pytest.raises(InvalidRequestError, match="return_to"):
        world.begin(goal)
    assert world.handshakes.rows == {}


def test_coming_back_connects_and_asks_for_a_crawl_at_once(world: World) -> None:
    world.begin()
    assert world.complete(BACK) == Completed("spotify", HOME)
    (connected,) = world.connections.rows.values()
    assert (connected.owner, connected.status) == (ANNA, Status.ACTIVE)
    assert len(world.timetable.rows) == 1
    ((job, delay),) = world.queues.sent
    assert (job.owner, job.provider, job.reason, delay) == (ANNA, "spotify", "connect", 0)
    assert ANNA in world.profiles.rows


def test_a_state_works_once(world: World) -> None:
    world.begin()
    world.complete(BACK)
    with pytest.raises(HandshakeError):
        world.complete(BACK)
    assert len(world.queues.sent) == 1


@pytest.mark.parametrize(
    ("answer", "now"),
    [
        ({}, NOON),
        ({"state": "forged", "code": "fake-code-1"}, NOON),
        (BACK, NOON + 601),
    ],
)
def test_a_missing_forged_or_expired_state_stores_nothing(
    world: World, answer: Mapping[str, str], now: int
) -> None:
    world.begin()
    with pytest.raises(HandshakeError):
        world.complete(answer, now=now)
    assert world.stored == NOTHING


def test_a_state_begun_for_another_provider_stores_nothing(world: World) -> None:
    world.begin()
    world.provider = FakeProvider(name="youtube")
    with pytest.raises(HandshakeError):
        world.complete(BACK)
    assert world.stored == NOTHING


@pytest.mark.parametrize(
    ("error", "told"),
    [("access_denied", "access_denied"), ("<script>", "provider_error")],
)
def test_a_refusal_is_told_and_stores_nothing(world: World, error: str, told: str) -> None:
    world.begin()
    answer = {"state": "fake-state-1", "error": error}
    assert world.complete(answer) == Completed("spotify", HOME, told)
    assert world.stored == NOTHING
    assert world.provider.answers == []


@pytest.mark.parametrize("trouble", [TransientError("502")])
def test_a_failed_exchange_is_told_and_stores_nothing(world: World, trouble: TopkError) -> None:
    world.begin()
    world.provider.troubles = [trouble]
    told = Completed("spotify", HOME, "exchange_failed", "TransientError: 502")
    assert world.complete(BACK) == told
    assert world.stored == NOTHING


def test_connecting_again_replaces_the_grant_and_adds_no_second_crawl(world: World) -> None:
    for _ in range(2):
        world.begin()
        world.complete(BACK)
    assert (len(world.connections.rows), len(world.timetable.rows)) == (1, 1)
    assert [one.version for one in world.connections.rows.values()] == [2]


def test_a_crawl_of_the_old_connection_cannot_write_over_the_new_one(world: World) -> None:
    world.begin()
    world.complete(BACK)
    (old,) = world.connections.rows.values()
    world.connections.update(replace(old, checkpoint="moved"))
    world.begin()
    world.complete(BACK)
    for version in range(4):
        if version != world.connections.rows[ANNA, "spotify"].version:
            with pytest.raises(ConflictError):
                world.connections.update(replace(old, version=version))
    assert world.connections.rows[ANNA, "spotify"].checkpoint == ""


def test_neither_leaving_nor_connecting_again_leaves_a_row_of_another_cadence(
    world: World,
) -> None:
    for leaves in (False, True):
        world.begin()
        world.complete(BACK)
        world.timetable.add(GRID.entries(ANNA.key, "spotify", Cadence(12)))
        if leaves:
            world.disconnect()
        world.begin()
        world.complete(BACK)
        assert world.timetable.rows == set(GRID.entries(ANNA.key, "spotify", DAILY))


def test_disconnecting_gives_the_grant_back_and_leaves_no_standing_crawl(world: World) -> None:
    world.begin()
    world.complete(BACK)
    world.disconnect()
    world.disconnect()
    assert (world.connections.rows, world.timetable.rows) == ({}, set())
    assert [grant.refresh_token for grant in world.provider.revoked] == ["fake-refresh-token-1"]


def test_a_provider_that_does_not_answer_keeps_nobody_from_leaving(world: World) -> None:
    class _Down(FakeProvider):
        async def revoke(self, grant: object) -> None:
            raise TransientError("time-out")

    world.begin()
    world.complete(BACK)
    world.provider = _Down()
    world.disconnect()
    assert world.connections.rows == {}


def _pushing(account: str) -> FakeProvider:
    able = Capabilities(None, Precision.EXACT, pushes=True)
    return FakeProvider(capabilities=able, account=account)


def test_an_account_that_will_be_pushed_for_is_recognised_until_it_is_disconnected() -> None:
    world = World(_pushing("u-1"))
    world.begin()
    world.complete(BACK)
    assert world.provider_users.rows == {("spotify", "u-1"): {ANNA}}
    world.disconnect()
    assert world.provider_users.rows == {}


def test_connecting_another_account_ends_the_pushes_for_the_one_before() -> None:
    world = World(_pushing("u-1"))
    for account in ("u-1", "u-2"):
        world.provider = _pushing(account)
        world.begin()
        world.complete(BACK)
    assert world.provider_users.rows == {("spotify", "u-2"): {ANNA}}


def test_disconnecting_leaves_those_who_share_the_account() -> None:
    world = World(_pushing("family"))
    world.provider_users.add("spotify", "family", BEN)
    world.begin()
    world.complete(BACK)
    world.disconnect()
    assert world.provider_users.rows == {("spotify", "family"): {BEN}}


def test_of_a_provider_that_does_not_push_no_user_is_recorded(world: World) -> None:
    world.provider = FakeProvider(account="u-1")
    world.begin()
    world.complete(BACK)
    assert world.provider_users.rows == {}


def test_a_seal_that_does_not_open_keeps_nobody_from_leaving(world: World) -> None:
    world.connections.put(connection(sealed_grant=repr(("another", "", "", None, None, ""))))
    world.disconnect()
    assert world.connections.rows == {}
