"""Whose plays a provider means when it pushes: the owners behind its own user ids."""

from collections.abc import Iterable, Mapping

from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.stores.failures import translated
from topk.stores.models import ProviderUserModel

_APP = "default"
"""The application that the service is at each provider: ids of users may belong to one alone."""


class ProviderUsers:
    """Several owners may share one account. Raises StoreError where the table fails."""

    def add(self, provider: str, external_user: str, owner: Owner) -> None:
        with translated("write provider user"):
            _row(provider, external_user).update(
                actions=[ProviderUserModel.owners.add({owner.key})]
            )

    def remove(self, provider: str, external_user: str, owner: Owner) -> None:
        """Takes `owner` off the account, and the account away with its last owner; repeatable."""
        row = _row(provider, external_user)
        with translated("write provider user"):
            row.update(actions=[ProviderUserModel.owners.delete({owner.key})])
        try:
            with translated("delete provider user"):
                row.delete(condition=ProviderUserModel.owners.does_not_exist())
        except ConflictError:
            return  # Others still share the account.

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


def _account(provider: str) -> str:
    return f"{provider}#{_APP}"
