"""Knowing whose plays a provider means when it pushes: the owners behind its user ids."""

from contextlib import suppress

from topk.domain.connection import Connection, Grant
from topk.domain.errors import SealError
from topk.domain.owner import Owner
from topk.domain.provider import Provider
from topk.usecases.ports import ProviderUsers, Vault


def recognise(
    owner: Owner, provider: Provider, grant: Grant, *, provider_users: ProviderUsers
) -> None:
    """From here on what `provider` pushes for the account of `grant` is the owner's."""
    if provider.capabilities.pushes and grant.account:
        provider_users.add(provider.name, grant.account, owner)


def forget(connection: Connection, *, provider_users: ProviderUsers, vault: Vault) -> None:
    """Takes the owner off the account of `connection`; repeatable."""
    owner, name = connection.owner, connection.provider
    # A grant that does not open names nobody; without a connection no push is taken anyway.
    with suppress(SealError):
        if account := vault.open(owner, name, connection.sealed_grant).account:
            provider_users.remove(name, account, owner)
