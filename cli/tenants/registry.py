"""Adds, changes and removes tenants of a deployment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from cli.failure import CommandFailedError
from cli.tenants.checks import Fetch, check_fields, declared, usable_keys
from cli.tenants.table import Change, ChangedMeanwhileError, TenantTable
from infra_cdk.tenant import Tenant, told
from topk.stores.tables.tenants import Status, TenantRow, issuer_claim


@dataclass(frozen=True, slots=True)
class Plan:
    """A change that was checked and is not yet written. `before` is None for a new tenant."""

    row: TenantRow
    what: str
    tenant: Tenant
    before: Tenant | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """`providers` are those of the deployment, `buses` event buses by tenant, `by` who changes
    tenants; `now` returns epoch seconds.
    """

    table: TenantTable
    providers: Mapping[str, Any]
    buses: Mapping[str, str]
    fetch: Fetch
    by: str
    now: Callable[[], int]
    local: bool

    def planned_new(self, name: str, raw: Mapping[str, Any]) -> Plan:
        """A new tenant. Raises CommandFailedError if it exists or is invalid."""
        if self.table.read(name):
            raise CommandFailedError(f"{name} exists; use `topk tenant change`")
        tenant = self._checked(name, raw)
        # A tenant of this name may have been removed: its changes stay.
        latest = next(self.table.changes(name), None)
        version = latest.version if latest else 0
        return Plan(self._row(name, tenant, version, "active"), "add", tenant)

    def planned_change(self, name: str, raw: Mapping[str, Any]) -> Plan:
        """The tenant with the fields `raw` changed."""
        row = self.existing(name)
        before = declared_by(row)
        tenant = self._checked(name, {**msgspec.json.decode(row.declared), **raw})
        return Plan(self._row(name, tenant, row.version, row.status), "change", tenant, before)

    def planned_status(self, name: str, status: Status, what: str) -> Plan:
        row = self.existing(name)
        if row.status == status:
            raise CommandFailedError(f"{name} is {status} already")
        served = {**msgspec.json.decode(row.served), "suspended": status != "active"}
        text = msgspec.json.encode(served).decode()
        tenant = declared_by(row)
        return Plan(replace(row, status=status, served=text), what, tenant, tenant)

    def write(self, plan: Plan) -> int:
        """The version written. Raises CommandFailedError if another change was first, or another
        tenant has the issuer.
        """
        change = self._change(plan.row, plan.what, plan.before)
        given_up = {plan.before.issuer} - {plan.tenant.issuer} if plan.before else set()
        try:
            self.table.write(
                plan.row,
                change,
                is_new=plan.before is None,
                claims=[issuer_claim(plan.tenant.issuer)],
                given_up=map(issuer_claim, given_up),
            )
        except ChangedMeanwhileError as error:
            raise CommandFailedError(
                f"{plan.row.name} was changed meanwhile, or another tenant has its issuer"
            ) from error
        return change.version

    def delete(self, row: TenantRow) -> Change:
        """Remove the tenant itself. Raises CommandFailedError if it was changed meanwhile."""
        tenant = declared_by(row)
        change = self._change(row, "remove", tenant)
        try:
            self.table.remove(row, change, claims=[issuer_claim(tenant.issuer)])
        except ChangedMeanwhileError as error:
            raise CommandFailedError(f"{row.name} was changed meanwhile") from error
        return change

    def existing(self, name: str) -> TenantRow:
        """Raises CommandFailedError if there is none."""
        row = self.table.read(name)
        if row is None:
            raise CommandFailedError(f"no tenant {name}")
        return row

    def _change(self, row: TenantRow, what: str, before: Tenant | None) -> Change:
        text = msgspec.json.encode(before).decode() if before else ""
        return Change(row.version + 1, what, self.by, self.now(), text)

    def _checked(self, name: str, raw: Mapping[str, Any]) -> Tenant:
        tenant = declared(raw)
        check_fields(name, tenant, self.providers, local=self.local)
        if tenant.events and name not in self.buses:
            raise CommandFailedError(f"events: the deployment has no event bus of {name}")
        return tenant

    def _row(self, name: str, tenant: Tenant, version: int, status: Status) -> TenantRow:
        buses = {name: self.buses[name]} if tenant.events else {}
        served = {
            "name": name,
            **told({name: tenant}, self.providers, buses)[name],
            "keys": usable_keys(tenant, self.fetch),
            "suspended": status != "active",
        }
        return TenantRow(
            name,
            msgspec.json.encode(served).decode(),
            msgspec.json.encode(tenant).decode(),
            status,
            version,
        )


def declared_by(row: TenantRow) -> Tenant:
    """The tenant as its operator declared it."""
    return msgspec.json.decode(row.declared, type=Tenant)
