"""Provider budgets: one row per provider app, with its breaker and reservations."""

from dataclasses import replace

from pynamodb.attributes import NumberAttribute

from topk.domain.crawl.breaker import Breaker, State
from topk.domain.crawl.budget import Lane
from topk.domain.errors import ConflictError, StoreError
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import ProviderBudgetModel

_TRIES = 4


class ProviderBudgets:
    """By app: our registration with a provider, or a tenant's own one, which `#` tells apart.

    Raises StoreError where the table fails.
    """

    def breaker(self, app: str) -> Breaker:
        """As last written; closed where nothing ever was."""
        with translated("read budget"):
            try:
                row = ProviderBudgetModel.get(_key(app), consistent_read=True)
            except ProviderBudgetModel.DoesNotExist:
                return Breaker()
        return Breaker(
            state=State(row.state or State.CLOSED),
            until=int(row.until or 0),
            failures=int(row.failures or 0),
            trips=int(row.trips or 0),
            limits=int(row.limits or 0),
            version=int(row.version or 0),
        )

    def update(self, app: str, breaker: Breaker) -> Breaker:
        """Writes `breaker` where its version is still the one that was read.

        Returns it with the version it then has. Raises ConflictError where another was first.
        """
        version = ProviderBudgetModel.version
        with translated("update breaker"):
            ProviderBudgetModel(_key(app)).update(
                actions=[
                    ProviderBudgetModel.state.set(breaker.state.value),
                    ProviderBudgetModel.until.set(breaker.until),
                    ProviderBudgetModel.failures.set(breaker.failures),
                    ProviderBudgetModel.trips.set(breaker.trips),
                    ProviderBudgetModel.limits.set(breaker.limits),
                    version.set(breaker.version + 1),
                ],
                condition=(version == breaker.version)
                if breaker.version
                else version.does_not_exist(),
            )
        return replace(breaker, version=breaker.version + 1)

    def book(self, app: str, lane: Lane, *, length: int, earliest: int) -> int:
        """Takes the next `length` of `lane` that no one has, at or after `earliest`.

        Returns where it begins; all in (epoch) milliseconds. One conditional write, or two where
        the lane was empty.
        """
        free_at = _free_at(lane)
        row = ProviderBudgetModel(_key(app))
        for _ in range(_TRIES):
            try:
                with translated("book budget"):
                    row.update([free_at.set(free_at + length)], condition=free_at >= earliest)
            except ConflictError:
                if self._begin(row, free_at, earliest + length, earliest):
                    return earliest
                continue
            return int(getattr(row, f"{lane.value}_free_at")) - length
        raise StoreError("book budget: others are always first")

    def _begin(
        self, row: ProviderBudgetModel, free_at: NumberAttribute, value: int, earliest: int
    ) -> bool:
        """Whether the lane was empty, so that it starts over."""
        try:
            with translated("book budget"):
                empty = free_at.does_not_exist() | (free_at < earliest)
                row.update([free_at.set(value)], condition=empty)
        except ConflictError:
            return False
        return True


def _key(app: str) -> str:
    return app if "#" in app else f"{app}#main"


def _free_at(lane: Lane) -> NumberAttribute:
    match lane:
        case Lane.EXPRESS:
            return ProviderBudgetModel.express_free_at
        case Lane.STANDING:
            return ProviderBudgetModel.standing_free_at
