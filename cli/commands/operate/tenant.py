"""`topk tenant`: add, show, change, suspend, resume, remove and list tenants."""

import getpass
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli.choices import AsJson, RunningName
from cli.failure import CommandFailedError, OneLineErrors
from cli.operated import Operated, StageName, Yes, agreed, operated
from cli.tenants.deployed import registry_of
from cli.tenants.differences import differences
from cli.tenants.registry import Plan, Registry
from cli.tenants.removal import (
    ErasurePorts,
    delete_app_secrets,
    delete_data_keys,
    delete_rates,
    erase_users,
)
from infra_cdk import outputs
from simulator.emulator.process import ROOT
from topk.domain.errors import StoreError
from topk.stores.queues.erasure_queue import ErasureQueue
from topk.stores.tables.erasures import Erasures
from topk.stores.tables.profiles import Profiles

tenant = typer.Typer(
    cls=OneLineErrors,
    name="tenant",
    help="Add, show, change, suspend, resume, remove and list tenants.",
    no_args_is_help=True,
)
Tenant = Annotated[str, typer.Argument(metavar="NAME", help="Name of the tenant.")]
Declaration = Annotated[
    Path, typer.Argument(metavar="FILE", help="JSON file with the fields to change.")
]
NewDeclaration = Annotated[
    Path | None,
    typer.Argument(
        metavar="FILE",
        help="JSON file with the tenant's fields. Default: what cdk.json declares of it.",
    ),
]


@tenant.command()
def add(
    tenant: Tenant,
    file: NewDeclaration = None,
    stage: StageName = None,
    name: RunningName = None,
    yes: Yes = False,
) -> None:
    """Add a tenant after checking its issuer, keys and addresses."""
    with _registry(stage, name) as (place, registry):
        raw = _read(file) if file else _declared(place, tenant)
        _carry_out(place, registry, registry.planned_new(tenant, raw), yes=yes)


@tenant.command()
def change(
    tenant: Tenant,
    file: Declaration,
    stage: StageName = None,
    name: RunningName = None,
    yes: Yes = False,
) -> None:
    """Change the fields in FILE; others stay."""
    with _registry(stage, name) as (place, registry):
        _carry_out(place, registry, registry.planned_change(tenant, _read(file)), yes=yes)


@tenant.command()
def suspend(
    tenant: Tenant, stage: StageName = None, name: RunningName = None, yes: Yes = False
) -> None:
    """Refuse requests to a tenant's API and leave out its crawls, within a minute. Data stays."""
    with _registry(stage, name) as (place, registry):
        plan = registry.planned_status(tenant, "suspended", "suspend")
        _carry_out(place, registry, plan, yes=yes)


@tenant.command()
def resume(
    tenant: Tenant, stage: StageName = None, name: RunningName = None, yes: Yes = False
) -> None:
    """End a suspension. Accounts are crawled again at their usual times."""
    with _registry(stage, name) as (place, registry):
        _carry_out(place, registry, registry.planned_status(tenant, "active", "resume"), yes=yes)


@tenant.command()
def remove(
    tenant: Tenant, stage: StageName = None, name: RunningName = None, yes: Yes = False
) -> None:
    """Erase a tenant's users and then the tenant. Run it again until it prints the receipt."""
    with _registry(stage, name) as (place, registry):
        row = registry.existing(tenant)
        agreed(f"Erase all users of {tenant} in {place.name}, and the tenant", yes=yes)
        if row.status != "removing":
            registry.write(registry.planned_status(tenant, "removing", "begin removal"))
        if left := _erase(place, tenant):
            typer.echo(f"{left} users are being erased; run the command again in a while")
            return
        tables, dynamodb = place.outputs, place.client("dynamodb")
        keys = delete_data_keys(tenant, dynamodb=dynamodb, tables=tables)
        delete_rates(tenant, dynamodb=dynamodb, tables=tables)
        apps = (outputs.app_secret(place.name, one, tenant) for one in registry.providers)
        delete_app_secrets(apps, secrets=place.client("secretsmanager"))
        removed = registry.delete(registry.existing(tenant))
    receipt = {
        "tenant": tenant,
        "removed_at": removed.at,
        "by": removed.by,
        "version": removed.version,
        "data_keys": keys,
    }
    typer.echo(json.dumps(receipt))


@tenant.command()
def show(tenant: Tenant, stage: StageName = None, name: RunningName = None) -> None:
    """Show a tenant and its changes as JSON, the latest change first."""
    with _registry(stage, name) as (_, registry):
        row = registry.existing(tenant)
        changes = [
            {"version": one.version, "what": one.what, "by": one.by, "at": one.at,
             "before": json.loads(one.before or "null")}
            for one in registry.table.changes(tenant)
        ]  # fmt: skip
        told = {
            "name": tenant,
            "status": row.status,
            "version": row.version,
            "tenant": json.loads(row.declared),
            "changes": changes,
        }
    typer.echo(json.dumps(told, indent=2))


@tenant.command("list")
def list_tenants(
    stage: StageName = None, name: RunningName = None, as_json: AsJson = False
) -> None:
    """List tenants with their status."""
    with _registry(stage, name) as (_, registry):
        found = {one.name: one.status for one in registry.table.tenants()}
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    for tenant, status in found.items():
        typer.echo(f"{tenant}\t{status}")


def _erase(place: Operated, tenant: str) -> int:
    """The number of users who still have data; their erasures are started."""
    with place.tables():
        queue = ErasureQueue(place.client("sqs"), url=place.outputs[outputs.ERASURE_QUEUE])
        ports = ErasurePorts(Profiles(), Erasures(), queue, lambda: secrets.token_urlsafe(24))
        left = erase_users(
            tenant,
            dynamodb=place.client("dynamodb"),
            tables=place.outputs,
            ports=ports,
            now=place.now(),
        )
    return len(left)


def _carry_out(place: Operated, registry: Registry, plan: Plan, *, yes: bool) -> None:
    lines = differences(plan.before, plan.tenant)
    if plan.what == "change" and not lines:
        typer.echo(f"{plan.row.name} in {place.name} has these fields already")
        return
    shown = "".join(f"\n  {line}" for line in lines)
    agreed(f"{plan.what.capitalize()} tenant {plan.row.name} in {place.name}{shown}", yes=yes)
    version = registry.write(plan)
    typer.echo(f"done: version {version}; functions use it within a minute")


def _declared(place: Operated, tenant: str) -> dict[str, Any]:
    """Raises BadParameter if cdk.json does not declare it, or declares it for the local stage."""
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    declared: dict[str, Any] = context["stages"].get(place.name, {}).get("tenants", {})
    if place.environment or tenant not in declared:
        raise typer.BadParameter(f"cdk.json declares no tenant {tenant} of {place.name}; name FILE")
    found: dict[str, Any] = declared[tenant]
    return found


def _read(file: Path) -> dict[str, Any]:
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CommandFailedError(f"{file}: {error}") from error
    if not isinstance(raw, dict):
        raise CommandFailedError(f"{file}: want a JSON object")
    return raw


@contextmanager
def _registry(stage: str | None, name: str | None) -> Iterator[tuple[Operated, Registry]]:
    place = operated(stage=stage, name=name)
    local = bool(place.environment)
    try:
        yield (
            place,
            registry_of(
                place.outputs, place.client("dynamodb"), by=_who(place), now=place.now, local=local
            ),
        )
    except (StoreError, BotoCoreError, ClientError) as error:
        raise CommandFailedError(f"the table of tenants is unavailable: {error}") from error


def _who(place: Operated) -> str:
    """Who makes the change: the caller's ARN on AWS, the user of this machine locally."""
    if place.environment:
        return getpass.getuser()
    return str(place.client("sts").get_caller_identity()["Arn"])
