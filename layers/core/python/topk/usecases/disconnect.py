"""A user takes an account away again."""

from collections.abc import Callable

from topk.domain.errors import ProviderError, SealError
from topk.domain.owner import Owner
from topk.domain.provider import Provider
from topk.domain.timetable import Grid
from topk.usecases.ports import Connections, ProviderUsers, Timetable, Vault
from topk.usecases.recognise import forget
from topk.usecases.standing_crawls import StandingCrawls


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
    """Removes the connection to provider `name`, then its standing crawls; repeatable.

    The grant is given back to the provider where it takes grants back. A provider that does not
    answer cannot keep a user from leaving.
    """
    for connection in connections.get_many([(owner, name)]):
        forget(connection, provider_users=provider_users, vault=vault)
        connections.delete(owner, name)
        StandingCrawls(connections, timetable, grid).remove(owner, name)
        try:
            await provider(owner.tenant, name).revoke(
                vault.open(owner, name, connection.sealed_grant)
            )
        except (ProviderError, SealError):
            continue
