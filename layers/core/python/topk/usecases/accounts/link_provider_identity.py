"""Knowing whose plays a provider means when it pushes: the owners behind its user ids."""

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Provider
from topk.domain.owner import Owner
from topk.usecases.ports import ProviderUsers


def recognise(
    owner: Owner, provider: Provider, grant: Grant, *, provider_users: ProviderUsers
) -> None:
    """From here on what `provider` pushes for the account of `grant` is the owner's."""
    if provider.capabilities.pushes and grant.account:
        provider_users.add(provider.name, grant.account, owner)


def forget(owner: Owner, provider: str, *, provider_users: ProviderUsers) -> None:
    """Takes the owner off their accounts at `provider`; repeatable."""
    for account in provider_users.accounts(owner, provider):
        provider_users.remove(provider, account, owner)
