"""Edges between owners of one tenant: follows, blocks and requests to follow."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.stores.dynamodb.delete_partition import delete_all, erase_partition
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import BlockModel, FollowModel, FollowRequestModel

_PAGE = 100


class Edges:
    """One kind of edge. Raises StoreError where the table fails."""

    def __init__(
        self, model: type[FollowModel] | type[BlockModel] | type[FollowRequestModel]
    ) -> None:
        self._model = model

    def add(self, owner: Owner, other: Owner) -> bool:
        """Whether the edge is new."""
        try:
            with translated("write edge"):
                self._model(owner.key, other.user).save(
                    condition=self._model.owner.does_not_exist()
                )
        except ConflictError:
            return False
        return True

    def remove(self, owner: Owner, other: Owner) -> bool:
        """Whether there was one."""
        try:
            with translated("write edge"):
                self._model(owner.key, other.user).delete(condition=self._model.owner.exists())
        except ConflictError:
            return False
        return True

    def page(
        self, owner: Owner, *, after: str | None, limit: int
    ) -> tuple[list[Owner], str | None]:
        """Up to `limit` others by user id, those after `after`, and what to go on after."""
        start = {"owner": {"S": owner.key}, "other": {"S": after}} if after else None
        with translated("read edges"):
            found = self._model.query(owner.key, limit=limit, last_evaluated_key=start)
            others = [Owner(owner.tenant, row.other) for row in found]
        return others, others[-1].user if found.last_evaluated_key else None

    def page_to(
        self, owner: Owner, *, after: str | None, limit: int
    ) -> tuple[list[Owner], str | None]:
        """As `page`, but the others with an edge to `owner`; eventually consistent."""
        start = (
            {"owner": {"S": Owner(owner.tenant, after).key}, "other": {"S": owner.user}}
            if after
            else None
        )
        with translated("read edges"):
            found = self._pointing_at(owner, limit=limit, last_evaluated_key=start)
            others = [Owner.parse(row.owner) for row in found]
        return others, others[-1].user if found.last_evaluated_key else None

    def all_of(self, owner: Owner) -> Iterator[Owner]:
        """All owners that `owner` has an edge to, page by page."""
        with translated("read edges"):
            for row in self._model.query(owner.key):
                yield Owner(owner.tenant, row.other)

    def agreements(self, owner: Owner) -> Iterator[tuple[Owner, int | None]]:
        """`all_of` the owner's follows, each with when both agreed on it; None if the host app set
        it.
        """
        with translated("read edges"):
            for row in self._model.query(owner.key):
                agreed_at = getattr(row, "agreed_at", None)
                yield Owner(owner.tenant, row.other), None if agreed_at is None else int(agreed_at)

    def pointing_at(self, owner: Owner) -> Iterator[Owner]:
        """Owners with an edge to `owner`, page by page, eventually consistent."""
        with translated("read edges"):
            for row in self._pointing_at(owner):
                yield Owner.parse(row.owner)

    def erase(self, owner: Owner) -> Iterator[int]:
        """Delete all edges from and to the owner; yields after each page."""
        yield from erase_partition(self._model, owner)
        rows = iter(self._pointing_at(owner))
        with translated("read edges"):
            while page := list(islice(rows, _PAGE)):
                yield delete_all(self._model, page)

    def _pointing_at(self, owner: Owner, **asked: Any) -> Any:
        # An edge names the other by its id alone: both are of one tenant.
        same_tenant = self._model.owner.startswith(f"{owner.tenant}#")
        return self._model.by_other.query(owner.user, same_tenant, **asked)
