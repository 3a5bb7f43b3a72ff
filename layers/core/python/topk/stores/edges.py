"""Edges between owners of one tenant: who follows whom, who has blocked whom."""

from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.stores.failures import translated
from topk.stores.models import BlockModel, FollowModel


class Edges:
    """One kind of edge. Raises StoreError where the table fails."""

    def __init__(self, model: type[FollowModel] | type[BlockModel]) -> None:
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
