"""Disconnect an account."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from topk.domain.crawl.provider import Provider
from topk.domain.crawl.timetable import Grid
from topk.domain.errors import ProviderError, SealError, UnknownProviderError
from topk.domain.owner import Owner
from topk.usecases.accounts.link_provider_identity import unlink
from topk.usecases.crawling.crawl_schedule import ScheduleWriter
from topk.usecases.ports import Connections, ProviderUsers, Timetable, Vault


@dataclass(frozen=True, slots=True)
class DisconnectPorts:
    """`provider` returns the adapter for a tenant and a provider's name."""

    provider: Callable[[str, str], Provider]
    connections: Connections
    provider_users: ProviderUsers
    timetable: Timetable
    vault: Vault
    grid: Grid


async def disconnect(owner: Owner, name: str, ports: DisconnectPorts) -> None:
    """Remove the connection to provider `name` and its scheduled crawls. Idempotent.

    The grant is revoked first, so that a repeat after a crash still finds it. An unavailable or
    removed provider does not prevent disconnecting.
    """
    for connection in ports.connections.get_many([(owner, name)]):
        with suppress(ProviderError, SealError, UnknownProviderError):
            grant = ports.vault.open(owner, name, connection.sealed_grant)
            await ports.provider(owner.tenant, name).revoke(grant)
        ports.connections.delete(owner, name)
    unlink(owner, name, provider_users=ports.provider_users)
    ScheduleWriter(ports.connections, ports.timetable, ports.grid).remove(owner, name)
