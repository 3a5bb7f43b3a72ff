"""Connecting and disconnecting an account."""

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
    FakePendingConnections,
    FakeProfiles,
    FakeProvider,
    FakeProviderUsers,
    FakeQueues,
    FakeTimetable,
    FakeVault,
    connection,
)
from topk.domain.account.connection import Status
from topk.domain.crawl.provider import Capabilities
from topk.domain.crawl.timetable import DAILY, Cadence, Grid
from topk.domain.errors import (
    ConflictError,
    HandshakeError,
    InvalidRequestError,
    LimitReachedError,
    TooSoonError,
    TopkError,
    TransientError,
)
from topk.domain.limits import LONGEST_PARAMETER, MOST_HANDSHAKES
from topk.domain.owner import Owner
from topk.domain.play import Precision
from topk.usecases.accounts.begin_connection import begin_connection
from topk.usecases.accounts.confirm_connection import ConfirmPorts, confirm_connection
from topk.usecases.accounts.disconnect import DisconnectPorts, disconnect
from topk.usecases.accounts.receive_grant import Returned, receive_grant

HOME = "https://harbor.example/accounts"
GRID = Grid(slot_minutes=10)


@dataclass
class World:
    provider: FakeProvider = field(default_factory=FakeProvider)
    handshakes: FakeHandshakes = field(default_factory=FakeHandshakes)
    pending: FakePendingConnections = field(default_factory=FakePendingConnections)
    connections: FakeConnections = field(default_factory=FakeConnections)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    provider_users: FakeProviderUsers = field(default_factory=FakeProviderUsers)
    timetable: FakeTimetable = field(default_factory=FakeTimetable)
    queues: FakeQueues = field(default_factory=FakeQueues)
    most_connections: int = 2

    def begin(
        self, return_to: str | None = None, *, state: str = "fake-state-1", now: int = NOON
    ) -> str:
        secrets = iter((state, "fake-verifier-1"))
        return begin_connection(
            ANNA,
            self.provider,
            return_to=return_to,
            allowed_returns=(HOME, "https://harbor.example/welcome"),
            redirect_uri="https://api.example/v1/oauth/spotify/callback",
            connections=self.connections,
            most_connections=self.most_connections,
            handshakes=self.handshakes,
            new_secret=lambda: next(secrets),
            now=now,
        )

    def come_back(
        self, answer: Mapping[str, str], *, now: int = NOON, tenant: str = "harbor"
    ) -> Returned:
        return asyncio.run(
            receive_grant(
                self.provider.name,
                answer,
                tenant=tenant,
                provider=lambda *_: self.provider,
                handshakes=self.handshakes,
                pending=self.pending,
                vault=FakeVault(),
                new_secret=lambda: "fake-confirmation-1",
                now=now,
            )
        )

    def confirm(
        self, confirmation: str = "fake-confirmation-1", *, owner: Owner = ANNA, now: int = NOON
    ) -> None:
        asyncio.run(
            confirm_connection(
                owner,
                self.provider,
                confirmation,
                ConfirmPorts(
                    pending=self.pending,
                    connections=self.connections,
                    profiles=self.profiles,
                    provider_users=self.provider_users,
                    timetable=self.timetable,
                    queues=self.queues,
                    vault=FakeVault(),
                    grid=GRID,
                ),
                cadence=DAILY,
                most_connections=self.most_connections,
                correlation="c-1",
                now=now,
            )
        )

    def connect(self) -> None:
        self.begin()
        self.come_back(BACK)
        self.confirm()

    def disconnect(self) -> None:
        ports = DisconnectPorts(
            provider=lambda *_: self.provider,
            connections=self.connections,
            provider_users=self.provider_users,
            timetable=self.timetable,
            vault=FakeVault(),
            grid=GRID,
        )
        asyncio.run(disconnect(ANNA, "spotify", ports))

    @property
    def stored(self) -> tuple[object, ...]:
        return (
            self.connections.rows,
            self.profiles.rows,
            self.timetable.rows,
            self.queues.sent,
            self.provider_users.rows,
            self.pending.rows,
        )


@pytest.fixture
def world() -> World:
    return World()


BACK = {"state": "fake-state-1", "code": "fake-code-1"}
NOTHING: tuple[object, ...] = ({}, {}, set(), [], {}, {})


def test_connecting_redirects_to_the_provider_and_stores_only_a_hash_of_the_state(
    world: World,
) -> None:
    assert world.begin().endswith("?state=fake-state-1")
    (handshake,) = world.handshakes.rows.values()
    assert "fake-state-1" not in repr(handshake)
    assert handshake.return_to == HOME


@pytest.mark.parametrize("goal", ["https://evil.example", HOME + "/", HOME + "?next=evil", ""])
def test_only_declared_return_addresses_are_accepted(world: World, goal: str) -> None:
    with pytest.raises(InvalidRequestError, match="return_to"):
        world.begin(goal)
    assert world.handshakes.rows == {}


def test_connecting_is_refused_at_the_tenants_limit(world: World) -> None:
    for provider in ("youtube", "lastfm"):
        world.connections.put(connection(provider=provider))
    with pytest.raises(LimitReachedError):
        world.begin()
    world.provider = FakeProvider(name="youtube")
    assert world.begin(), "one that is connected may be connected again"


def test_a_callback_and_a_confirmation_connect_and_queue_a_crawl(world: World) -> None:
    world.begin()
    assert world.come_back(BACK) == Returned("spotify", HOME, "fake-confirmation-1")
    world.confirm()
    (connected,) = world.connections.rows.values()
    assert (connected.owner, connected.status) == (ANNA, Status.ACTIVE)
    assert len(world.timetable.rows) == 1
    ((job, delay),) = world.queues.sent
    assert (job.owner, job.provider, job.reason, delay) == (ANNA, "spotify", "connect", 0)
    assert ANNA in world.profiles.rows


def test_a_state_and_a_confirmation_can_be_used_once(world: World) -> None:
    world.connect()
    with pytest.raises(HandshakeError):
        world.come_back(BACK)
    with pytest.raises(HandshakeError):
        world.confirm()
    assert len(world.queues.sent) == 1


def test_a_callback_alone_connects_nothing_and_keeps_the_grant_sealed(world: World) -> None:
    world.begin()
    world.come_back(BACK)
    (waiting,) = world.pending.rows.values()
    assert "fake-confirmation-1" not in repr(waiting)
    world.pending.rows.clear()
    assert world.stored == NOTHING


@pytest.mark.parametrize(("confirmation", "later"), [("forged", 0), ("fake-confirmation-1", 600)])
def test_a_forged_or_expired_confirmation_connects_nothing(
    world: World, confirmation: str, later: int
) -> None:
    world.begin()
    world.come_back(BACK)
    with pytest.raises(HandshakeError):
        world.confirm(confirmation, now=NOON + later)
    world.pending.rows.clear()
    assert world.stored == NOTHING
    assert len(world.provider.revoked) == bool(later), "what comes too late is given back"


@pytest.mark.parametrize("other", [BEN, Owner("meadow", "anna")])
def test_a_confirmation_by_another_user_is_refused_and_the_grant_revoked(
    world: World, other: Owner
) -> None:
    """The attack: anna starts, and ben is tricked into consenting for his account."""
    world.begin()
    world.come_back(BACK)
    with pytest.raises(HandshakeError):
        world.confirm(owner=other)
    assert world.stored == NOTHING
    assert [grant.refresh_token for grant in world.provider.revoked] == ["fake-refresh-token-1"]
    with pytest.raises(HandshakeError):
        world.confirm(owner=ANNA)


def test_a_confirmation_by_another_user_is_refused_even_if_revoking_fails() -> None:
    class _Down(FakeProvider):
        async def revoke(self, grant: object) -> None:
            raise TransientError("time-out")

    world = World(_Down())
    world.begin()
    world.come_back(BACK)
    with pytest.raises(HandshakeError):
        world.confirm(owner=BEN)
    assert world.stored == NOTHING


def test_a_confirmation_for_another_provider_connects_nothing_and_stays_good(world: World) -> None:
    world.begin()
    world.come_back(BACK)
    spotify, world.provider = world.provider, FakeProvider(name="youtube")
    with pytest.raises(HandshakeError):
        world.confirm()
    assert not world.connections.rows
    assert not world.provider.revoked
    world.provider = spotify
    world.confirm()
    assert [provider for _, provider in world.connections.rows] == ["spotify"]


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
        world.come_back(answer, now=now)
    assert world.stored == NOTHING


def test_a_state_begun_for_another_provider_or_tenant_stores_nothing(world: World) -> None:
    world.begin()
    with pytest.raises(HandshakeError):
        world.come_back(BACK, tenant="meadow")
    world.provider = FakeProvider(name="youtube")
    with pytest.raises(HandshakeError):
        world.come_back(BACK)
    assert world.stored == NOTHING
    assert world.provider.answers == []


def test_a_parameter_that_is_too_long_never_reaches_the_provider(world: World) -> None:
    world.begin()
    with pytest.raises(HandshakeError):
        world.come_back({**BACK, "code": "x" * (LONGEST_PARAMETER + 1)})
    assert world.provider.answers == []


def test_no_more_handshakes_are_begun_at_once_than_a_user_may(world: World) -> None:
    for number in range(MOST_HANDSHAKES):
        world.begin(state=f"fake-state-{number}")
    with pytest.raises(TooSoonError) as refusal:
        world.begin(state="fake-state-of-another")
    assert refusal.value.retry_after == 600
    assert len(world.handshakes.rows) == MOST_HANDSHAKES
    assert world.begin(state="fake-state-later", now=NOON + 600), "the others have expired"


@pytest.mark.parametrize(
    ("error", "reported"),
    [("access_denied", "access_denied"), ("<script>", "provider_error")],
)
def test_a_refused_consent_is_reported_and_stores_nothing(
    world: World, error: str, reported: str
) -> None:
    world.begin()
    answer = {"state": "fake-state-1", "error": error}
    assert world.come_back(answer) == Returned("spotify", HOME, error=reported)
    assert world.stored == NOTHING
    assert world.provider.answers == []


@pytest.mark.parametrize("trouble", [TransientError("502")])
def test_a_failed_token_exchange_is_reported_and_stores_nothing(
    world: World, trouble: TopkError
) -> None:
    world.begin()
    world.provider.troubles = [trouble]
    reported = Returned("spotify", HOME, error="exchange_failed", reason="TransientError: 502")
    assert world.come_back(BACK) == reported
    assert world.stored == NOTHING


def test_connecting_again_replaces_the_grant_and_adds_no_second_crawl(world: World) -> None:
    for _ in range(2):
        world.connect()
    assert (len(world.connections.rows), len(world.timetable.rows)) == (1, 1)
    assert [one.version for one in world.connections.rows.values()] == [2]


def test_a_crawl_of_the_old_connection_cannot_overwrite_the_new_one(world: World) -> None:
    world.connect()
    (old,) = world.connections.rows.values()
    world.connections.update(replace(old, checkpoint="moved"))
    world.connect()
    for version in range(4):
        if version != world.connections.rows[ANNA, "spotify"].version:
            with pytest.raises(ConflictError):
                world.connections.update(replace(old, version=version))
    assert world.connections.rows[ANNA, "spotify"].checkpoint == ""


def test_disconnecting_and_reconnecting_leave_no_row_of_the_old_cadence(
    world: World,
) -> None:
    for leaves in (False, True):
        world.connect()
        world.timetable.add(GRID.entries(ANNA.key, "spotify", Cadence(12)))
        if leaves:
            world.disconnect()
        world.connect()
        assert world.timetable.rows == set(GRID.entries(ANNA.key, "spotify", DAILY))


def test_disconnecting_revokes_the_grant_and_unschedules_the_crawls(world: World) -> None:
    world.connect()
    world.disconnect()
    world.disconnect()
    assert (world.connections.rows, world.timetable.rows) == ({}, set())
    assert [grant.refresh_token for grant in world.provider.revoked] == ["fake-refresh-token-1"]


def test_disconnecting_works_even_if_the_provider_does_not_respond(world: World) -> None:
    class _Down(FakeProvider):
        async def revoke(self, grant: object) -> None:
            raise TransientError("time-out")

    world.connect()
    world.provider = _Down()
    world.disconnect()
    assert world.connections.rows == {}


def _pushing(account: str) -> FakeProvider:
    able = Capabilities(None, Precision.EXACT, pushes=True)
    return FakeProvider(capabilities=able, account=account)


def test_an_account_of_a_push_provider_is_linked_until_it_is_disconnected() -> None:
    world = World(_pushing("u-1"))
    world.connect()
    assert world.provider_users.rows == {("spotify", "u-1"): {ANNA}}
    world.disconnect()
    assert world.provider_users.rows == {}


def test_connecting_another_account_unlinks_the_previous_one() -> None:
    world = World(_pushing("u-1"))
    for account in ("u-1", "u-2"):
        world.provider = _pushing(account)
        world.connect()
    assert world.provider_users.rows == {("spotify", "u-2"): {ANNA}}


def test_disconnecting_keeps_other_owners_of_the_account_linked() -> None:
    world = World(_pushing("family"))
    world.provider_users.add("spotify", "family", BEN)
    world.connect()
    world.disconnect()
    assert world.provider_users.rows == {("spotify", "family"): {BEN}}


def test_no_user_is_linked_for_a_provider_without_pushes(world: World) -> None:
    world.provider = FakeProvider(account="u-1")
    world.connect()
    assert world.provider_users.rows == {}


def test_disconnecting_works_even_if_the_grant_cannot_be_opened(world: World) -> None:
    world.connections.put(connection(sealed_grant=repr(("another", "", "", None, None, ""))))
    world.disconnect()
    assert world.connections.rows == {}
