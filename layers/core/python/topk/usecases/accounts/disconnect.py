"""Disconnect an account."""

from collections.abc import Callable
from contextlib import suppress

from topk.domain.crawl.provider import Provider
from topk.domain.crawl.timetable import Grid
from topk.domain.errors import ProviderError, SealError, UnknownProviderError
from topk.domain.owner import Owner
from topk.usecases.accounts.link_provider_identity import forget
from topk.usecases.crawling.crawl_schedule import StandingCrawls
from topk.usecases.ports import Connections, ProviderUsers, Timetable, Vault


async def disconnect(
    owner: Owner,
    name: str,
    *,
    provider: Callable[[str, str], Provider],
    connections: Connections,
    provider_users: ProviderUsers,
    timetable: Timetable,
    vault: Vault,
    grid: Grid,
) -> None:
    """Remove the connection to provider `name` and its scheduled crawls. Idempotent.

    The grant is revoked first, so that a repeat after a crash still finds it. An unavailable or
    removed provider does not prevent disconnecting.
    """
    for connection in connections.get_many([(owner, name)]):
        with suppress(ProviderError, SealError, UnknownProviderError):
            grant = vault.open(owner, name, connection.sealed_grant)
            await provider(owner.tenant, name).revoke(grant)
        connections.delete(owner, name)
    forget(owner, name, provider_users=provider_users)
    StandingCrawls(connections, timetable, grid).remove(owner, name)
