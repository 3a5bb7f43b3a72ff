"""Confirm a connection with the user's own token."""

from contextlib import suppress
from dataclasses import dataclass

from topk.domain.account.connection import Connection, Grant, Status
from topk.domain.account.pending_connection import PendingConnection
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.provider import Provider
from topk.domain.crawl.timetable import Cadence, Grid
from topk.domain.errors import (
    HandshakeError,
    LimitReachedError,
    NotVisibleError,
    ProviderError,
)
from topk.domain.owner import Owner
from topk.usecases.accounts.connection_limit import enforce_limit
from topk.usecases.accounts.disconnect import DisconnectPorts, disconnect
from topk.usecases.accounts.link_provider_identity import link_provider_identity, unlink
from topk.usecases.crawling.crawl_schedule import ScheduleWriter
from topk.usecases.ports import (
    Connections,
    CrawlQueues,
    PendingConnections,
    Profiles,
    ProviderUsers,
    Timetable,
    Vault,
)


@dataclass(frozen=True, slots=True)
class ConfirmPorts:
    pending: PendingConnections
    connections: Connections
    profiles: Profiles
    provider_users: ProviderUsers
    timetable: Timetable
    queues: CrawlQueues
    vault: Vault
    grid: Grid

    def disconnecting(self, provider: Provider) -> DisconnectPorts:
        return DisconnectPorts(
            lambda *_: provider,
            self.connections,
            self.provider_users,
            self.timetable,
            self.vault,
            self.grid,
        )


async def confirm_connection(
    owner: Owner,
    provider: Provider,
    confirmation: str,
    ports: ConfirmPorts,
    *,
    cadence: Cadence,
    most_connections: int,
    correlation: str,
    now: int,
) -> None:
    """Connect the account that is waiting for `confirmation`, and queue its first crawl.

    Raises HandshakeError if no account of this owner and provider is waiting, NotVisibleError for
    an owner who is being erased, and LimitReachedError at the limit `most_connections`; the grant
    is then revoked. Everything is written before the first crawl is queued. A new connection
    continues the version count of the old one, so that a crawl of the old one cannot move its
    checkpoint.
    """
    if ports.pending.peek(confirmation).provider != provider.name:
        # It stays: another provider's adapter could not give the grant back.
        raise HandshakeError("confirmed for another provider")
    waiting = ports.pending.take(confirmation)
    grant = ports.vault.open(waiting.owner, waiting.provider, waiting.sealed_grant)
    try:
        _in_time_and_theirs(waiting, owner, now)
        ports.profiles.create(owner)
        enforce_limit(owner, provider.name, connections=ports.connections, most=most_connections)
    except (HandshakeError, LimitReachedError, NotVisibleError):
        with suppress(ProviderError):
            await provider.revoke(grant)
        raise
    unlink(owner, provider.name, provider_users=ports.provider_users)
    link_provider_identity(owner, provider, grant, provider_users=ports.provider_users)
    schedule = ScheduleWriter(ports.connections, ports.timetable, ports.grid)
    schedule.put(_connection(waiting, grant, cadence, now))
    try:
        # Checked again, because others may have been confirmed concurrently: the last one written
        # finds all others.
        enforce_limit(
            owner,
            provider.name,
            connections=ports.connections,
            most=most_connections,
            consistent=True,
        )
    except LimitReachedError:
        await disconnect(owner, provider.name, ports.disconnecting(provider))
        raise
    ports.queues.send([CrawlJob(owner, provider.name, now, "connect", correlation)])


def _in_time_and_theirs(waiting: PendingConnection, owner: Owner, now: int) -> None:
    if waiting.owner != owner:
        raise HandshakeError("confirmed by another user")
    if waiting.expires_at <= now:
        raise HandshakeError("confirmation has expired")


def _connection(waiting: PendingConnection, grant: Grant, cadence: Cadence, now: int) -> Connection:
    return Connection(
        owner=waiting.owner,
        provider=waiting.provider,
        sealed_grant=waiting.sealed_grant,
        status=Status.ACTIVE,
        status_since=now,
        connected_at=now,
        expires_at=grant.expires_at,
        consent_ends_at=grant.consent_ends_at,
        cadence=cadence,
    )
