"""Owners by a provider's user ids, for pushed plays."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import ProviderUserModel

_APP = "default"
"""The application that the service is at each provider: ids of users may belong to one alone."""
_OWNER = "#"
"""Begins the key of an owner's row; no provider is called so."""


class ProviderUsers:
    """Several owners may share one account. Raises StoreError where the table fails.

    Beside each account's row stands one for each of its owners, by which their accounts are found.
    It is written first and removed last, so that no account names an owner unknown to it.
    """

    def add(self, provider: str, external_user: str, owner: Owner) -> None:
        with translated("write provider user"):
            _reverse(owner, provider, external_user).save()
            _row(provider, external_user).update(
                actions=[ProviderUserModel.owners.add({owner.key})]
            )

    def remove(self, provider: str, external_user: str, owner: Owner) -> None:
        """Takes `owner` off the account, and the account away with its last owner; repeatable."""
        row = _row(provider, external_user)
        with translated("write provider user"):
            row.update(actions=[ProviderUserModel.owners.delete({owner.key})])
        with suppress(ConflictError), translated("delete provider user"):
            # Refused where others still share the account.
            row.delete(condition=ProviderUserModel.owners.does_not_exist())
        with translated("delete provider user"):
            _reverse(owner, provider, external_user).delete()

    def accounts(self, owner: Owner, provider: str) -> list[str]:
        """The owner's user ids at `provider`."""
        with translated("read provider users"):
            rows = ProviderUserModel.query(
                f"{_OWNER}{owner.key}",
                ProviderUserModel.external_user.startswith(f"{provider}#"),
                consistent_read=True,
            )
            return [row.external_user.partition("#")[2] for row in rows]

    def owners(
        self, provider: str, external_users: Iterable[str]
    ) -> Mapping[str, frozenset[Owner]]:
        """The owners by external user; who has none is absent."""
        keys = [(_account(provider), user) for user in dict.fromkeys(external_users)]
        with translated("read provider users"):
            rows = ProviderUserModel.batch_get(keys, consistent_read=True)
            return {
                row.external_user: frozenset(map(Owner.parse, row.owners))
                for row in rows
                if row.owners
            }


def _row(provider: str, external_user: str) -> ProviderUserModel:
    return ProviderUserModel(_account(provider), external_user)


def _reverse(owner: Owner, provider: str, external_user: str) -> ProviderUserModel:
    return ProviderUserModel(f"{_OWNER}{owner.key}", f"{provider}#{external_user}")


def _account(provider: str) -> str:
    return f"{provider}#{_APP}"
