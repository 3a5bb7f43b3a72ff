"""Erasures: progress by receipt. No row contains a user id."""

from topk.domain.errors import NotVisibleError
from topk.domain.privacy.erasure import KEPT_SECONDS, Erasure, Progress
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import ErasureModel


class Erasures:
    """A receipt is valid only in its tenant. Raises StoreError if the table fails."""

    def begin(self, tenant: str, receipt: str, *, now: int) -> None:
        """Record that the erasure is running. Idempotent."""
        asked_at = ErasureModel.asked_at
        with translated("write erasure"):
            _row(tenant, receipt).update(actions=[asked_at.set(asked_at | now)])

    def finish(self, tenant: str, receipt: str, *, now: int) -> None:
        with translated("write erasure"):
            _row(tenant, receipt).update(
                actions=[
                    ErasureModel.done_at.set(now),
                    ErasureModel.expires_at.set(now + KEPT_SECONDS),
                ]
            )

    def get(self, tenant: str, receipt: str) -> Erasure:
        """Raises NotVisibleError for an unknown or expired receipt."""
        with translated("read erasure"):
            try:
                row = ErasureModel.get(f"{tenant}#{receipt}", consistent_read=True)
            except ErasureModel.DoesNotExist:
                raise NotVisibleError("erasure") from None
        asked_at, done_at = int(row.asked_at or 0), row.done_at
        progress = Progress.RUNNING if done_at is None else Progress.DONE
        return Erasure(receipt, progress, asked_at, None if done_at is None else int(done_at))


def _row(tenant: str, receipt: str) -> ErasureModel:
    return ErasureModel(f"{tenant}#{receipt}")
