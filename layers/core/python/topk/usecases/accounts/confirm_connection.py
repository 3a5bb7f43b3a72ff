"""Confirm a connection with the user's own token."""

from contextlib import suppress

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
from topk.usecases.accounts.connection_limit import hold_limit
from topk.usecases.accounts.disconnect import disconnect
from topk.usecases.accounts.link_provider_identity import forget, recognise
from topk.usecases.crawling.crawl_schedule import StandingCrawls
from topk.usecases.ports import (
    Connections,
    CrawlQueues,
    PendingConnections,
    Profiles,
    ProviderUsers,
    Timetable,
    Vault,
)


async def confirm_connection(
    owner: Owner,
    provider: Provider,
    confirmation: str,
    *,
    pending: PendingConnections,
    connections: Connections,
    profiles: Profiles,
    provider_users: ProviderUsers,
    timetable: Timetable,
    queues: CrawlQueues,
    vault: Vault,
    grid: Grid,
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
    if pending.peek(confirmation).provider != provider.name:
        # It stays: another provider's adapter could not give the grant back.
        raise HandshakeError("confirmed for another provider")
    waiting = pending.take(confirmation)
    grant = vault.open(waiting.owner, waiting.provider, waiting.sealed_grant)
    try:
        _in_time_and_theirs(waiting, owner, now)
        profiles.create(owner)
        hold_limit(owner, provider.name, connections=connections, most=most_connections)
    except (HandshakeError, LimitReachedError, NotVisibleError):
        with suppress(ProviderError):
            await provider.revoke(grant)
        raise
    forget(owner, provider.name, provider_users=provider_users)
    recognise(owner, provider, grant, provider_users=provider_users)
    standing = StandingCrawls(connections, timetable, grid)
    standing.put(_connection(waiting, grant, cadence, now))
    try:
        # Checked again, because others may have been confirmed concurrently: the last one written
        # finds all others.
        hold_limit(
            owner,
            provider.name,
            connections=connections,
            most=most_connections,
            consistent=True,
        )
    except LimitReachedError:
        await disconnect(
            owner,
            provider.name,
            provider=lambda *_: provider,
            connections=connections,
            provider_users=provider_users,
            timetable=timetable,
            vault=vault,
            grid=grid,
        )
        raise
    queues.send([CrawlJob(owner, provider.name, now, "connect", correlation)])


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
