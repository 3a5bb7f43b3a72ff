"""What all processes share about the load of tenants: buckets of their limits, and who has metrics.

A bucket is a row with the time at which it is empty. One more row has the tenants that have metrics
of their own today.
"""

from pynamodb.expressions.condition import size
from pynamodb.expressions.update import Action

from topk.domain.errors import ConflictError
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import TenantRateModel

_TRIES = 2
_NAMED = "#named"
"""No tenant has this name."""


class TenantRates:
    """Times are epoch milliseconds. Raises StoreError if the table fails."""

    def add(
        self, tenant: str, *, milliseconds: int, now: int, most: int, begun: bool = False
    ) -> int:
        """Adds to what is in the bucket, unless that takes longer than `most` to drain.

        Returns when it is empty. One conditional write if `begun` tells whether something is in it,
        otherwise two.
        """
        row, empty_at = TenantRateModel(tenant), TenantRateModel.empty_at
        first = empty_at.set(now + milliseconds), empty_at.does_not_exist() | (empty_at <= now)
        more = empty_at.set(empty_at + milliseconds), empty_at.between(now, now + most)
        for _ in range(_TRIES):
            for action, condition in (more, first) if begun else (first, more):
                try:
                    with translated("count requests of a tenant"):
                        row.update([action], condition=condition)
                except ConflictError:
                    continue
                return int(row.empty_at)
        return now + most

    def claim_name(self, tenant: str, *, day: int, most: int) -> bool:
        """Whether the tenant is one of the first `most` that claimed metrics on `day`."""
        row, names = TenantRateModel(_NAMED), TenantRateModel.names
        number = size(names)  # type: ignore[no-untyped-call]
        begun = (TenantRateModel.day == day) & (names.contains(tenant) | (number < most))
        before = TenantRateModel.day.does_not_exist() | (TenantRateModel.day < day)
        join: list[Action] = [names.add({tenant})]
        begin: list[Action] = [names.set({tenant}), TenantRateModel.day.set(day)]
        for actions, condition in ((join, begun), (begin, before), (join, begun)):
            try:
                with translated("claim metrics of a tenant"):
                    row.update(actions, condition=condition)
            except ConflictError:
                continue
            return True
        return False
