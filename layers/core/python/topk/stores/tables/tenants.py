"""Tenants: what functions read of each, what the operator declared, and every change.

Rows of one tenant have its name as partition key. `current` is the tenant, `change#<version>` what
it was before a change and who made it. An issuer is a row of its own that names its tenant, so that
it has one tenant at most.
"""

from dataclasses import dataclass
from typing import Literal, cast

from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import TenantModel

CURRENT = "current"
Status = Literal["active", "suspended", "removing"]


@dataclass(frozen=True, slots=True)
class TenantRow:
    """`served` is JSON of the tenant as functions read it, `declared` as the operator wrote it."""

    name: str
    served: str
    declared: str
    status: Status = "active"
    version: int = 0


class Tenants:
    """Raises StoreError if the table fails."""

    def read(self, name: str, *, consistent: bool = False) -> TenantRow | None:
        with translated("read tenant"):
            try:
                row = TenantModel.get(name, CURRENT, consistent_read=consistent)
            except TenantModel.DoesNotExist:
                return None
        return _row(row)

    def name_of(self, claim: str) -> str:
        """The tenant that has `claim`, such as `issuer_claim(...)`; empty if none has."""
        with translated("read tenant"):
            try:
                return str(TenantModel.get(claim, CURRENT).served)
            except TenantModel.DoesNotExist:
                return ""


def issuer_claim(issuer: str) -> str:
    return f"issuer#{issuer}"


def _row(row: TenantModel) -> TenantRow:
    return TenantRow(
        row.tenant,
        row.served or "",
        row.declared or "",
        cast("Status", row.status or "active"),
        int(row.version or 0),
    )
