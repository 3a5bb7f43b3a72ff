"""Link a provider's user ids to owners, for pushed plays."""

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Provider
from topk.domain.owner import Owner
from topk.usecases.ports import ProviderUsers


def link_provider_identity(
    owner: Owner, provider: Provider, grant: Grant, *, provider_users: ProviderUsers
) -> None:
    """Attribute plays that `provider` pushes for the account of `grant` to the owner."""
    if provider.capabilities.pushes and grant.account:
        provider_users.add(provider.name, grant.account, owner)


def unlink(owner: Owner, provider: str, *, provider_users: ProviderUsers) -> None:
    """Unlink the owner from their accounts at `provider`. Idempotent."""
    for account in provider_users.accounts(owner, provider):
        provider_users.remove(provider, account, owner)
