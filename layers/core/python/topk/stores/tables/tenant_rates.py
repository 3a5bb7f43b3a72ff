"""The buckets of tenants' limits: one row each, with the time at which it is empty."""

from topk.domain.errors import ConflictError
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import TenantRateModel

_TRIES = 2


class TenantRates:
    """Times are epoch milliseconds. Raises StoreError if the table fails."""

    def add(self, tenant: str, *, milliseconds: int, now: int, most: int) -> int:
        """Adds to what is in the bucket, unless that takes longer than `most` to drain.

        Returns when it is empty. One conditional write, or two where something was in it.
        """
        row, empty_at = TenantRateModel(tenant), TenantRateModel.empty_at
        for _ in range(_TRIES):
            for action, condition in (
                (empty_at.set(now + milliseconds), empty_at.does_not_exist() | (empty_at <= now)),
                (empty_at.set(empty_at + milliseconds), empty_at.between(now, now + most)),
            ):
                try:
                    with translated("count requests of a tenant"):
                        row.update([action], condition=condition)
                except ConflictError:
                    continue
                return int(row.empty_at)
        return now + most
