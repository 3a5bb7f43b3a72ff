"""The deployment that an operator's command works on: the local stack, or a stage on AWS."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from unittest.mock import patch

import msgspec
import typer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from cli.failure import CommandFailedError
from cli.local_stack.chosen_stack import chosen_stack
from cli.tenants.registry import declared_by
from cli.tenants.table import TenantTable
from infra_cdk import outputs
from infra_cdk.tenant import Tenant, separate
from simulator.clock import Clock
from simulator.emulator.process import REGION, ROOT, ROOT_CREDENTIALS
from topk.clock import wall_clock
from topk.domain.errors import InvalidRequestError
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import MODELS, bind

LOCAL = "local"

StageName = Annotated[
    str | None, typer.Option("--stage", help="Stage on AWS. Default: the local stack.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Skip the question.")]


@dataclass(frozen=True)
class Operated:
    """One deployment: its `outputs` by name, its tenants, those in its table and those that
    cdk.json declares, its clients and its time.

    `separate` are the providers, by tenant, whose plays are not mixed with others. `kept` is the
    folder in which commands store their progress.
    """

    name: str
    region: str
    outputs: Mapping[str, str]
    tenants: tuple[str, ...]
    retention_days: int
    separate: Mapping[str, frozenset[str]]
    client: Callable[[str], Any]
    now: Callable[[], int]
    kept: Path
    environment: Mapping[str, str]

    def owner(self, named: str) -> Owner:
        """The owner of TENANT/USER. Raises BadParameter if it is malformed or unknown."""
        tenant, slash, user = named.partition("/")
        if not slash or tenant not in self.tenants:
            known = ", ".join(self.tenants)
            raise typer.BadParameter(
                f"{named!r} is not TENANT/USER; tenants of {self.name}: {known}"
            )
        try:
            return Owner.of(tenant, user)
        except InvalidRequestError as error:
            raise typer.BadParameter(f"{named!r}: {error}") from error

    @contextmanager
    def tables(self) -> Iterator[None]:
        """Bind the stores to this deployment's tables within the context."""
        with patch.dict(os.environ, self.environment):
            bind(
                {
                    outputs.snake(name.removeprefix("Table")): table
                    for name, table in self.outputs.items()
                    if name.startswith("Table") and outputs.snake(name[5:]) in MODELS
                },
                region=self.region,
            )
            yield


def operated(*, stage: str | None, name: str | None) -> Operated:
    """The named stage on AWS; without one, the running local stack or the one called `name`.

    Raises BadParameter if the stage does not exist or is not deployed, and the errors of
    chosen_stack.
    """
    return _on_aws(stage) if stage is not None else _local(name)


def _local(name: str | None) -> Operated:
    stack = chosen_stack(name)
    declared = _stages()[LOCAL]
    clock = Clock(stack.clock_file)
    tenants = _tenants(declared, stack.outputs, stack.client)
    return Operated(
        name=stack.name,
        region=REGION,
        outputs=stack.outputs,
        tenants=tuple(tenants),
        retention_days=declared["retention_days"],
        separate=_separate(tenants),
        client=stack.client,
        now=lambda: int(clock.now()),
        kept=stack.folder / "recovery",
        environment={
            "AWS_ENDPOINT_URL": stack.emulator_url,
            "AWS_ACCESS_KEY_ID": ROOT_CREDENTIALS.key_id,
            "AWS_SECRET_ACCESS_KEY": ROOT_CREDENTIALS.secret,
            "AWS_REGION": REGION,
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        },
    )


def _on_aws(stage: str) -> Operated:
    declared = _stages()
    deployable = [name for name in declared if name != LOCAL]
    if stage not in deployable:
        raise typer.BadParameter(f"no stage {stage!r}; cdk.json declares {', '.join(deployable)}")
    session = get_session()
    region = declared[stage].get("region")
    if not region:
        raise typer.BadParameter(f"cdk.json: stages.{stage}.region is missing")

    def client(service: str) -> Any:
        config = Config(retries={"mode": "standard"})
        return session.create_client(service, region_name=region, config=config)

    found = _stack_outputs(client("cloudformation"), stage)
    tenants = _tenants(declared[stage], found, client)
    return Operated(
        name=stage,
        region=region,
        outputs=found,
        tenants=tuple(tenants),
        retention_days=declared[stage]["retention_days"],
        separate=_separate(tenants),
        client=client,
        now=lambda: int(wall_clock()),
        kept=ROOT / ".topk" / "recovery" / stage,
        environment={},
    )


def _stack_outputs(cloudformation: Any, stage: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for stack in (outputs.stateful_stack(stage), outputs.stateless_stack(stage)):
        try:
            [told] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            raise typer.BadParameter(f"{stage} is not deployed: no stack {stack}") from error
        except BotoCoreError as error:
            raise CommandFailedError(f"AWS is unavailable: {error}") from error
        found |= {one["OutputKey"]: one["OutputValue"] for one in told.get("Outputs", [])}
    return found


def _tenants(
    declared: Mapping[str, Any], found: Mapping[str, str], client: Callable[[str], Any]
) -> dict[str, Tenant]:
    """The tenants of a stage by name. Raises CommandFailedError if their table is unavailable."""
    known = msgspec.convert(declared["tenants"], dict[str, Tenant])
    if (name := outputs.table("Tenants")) not in found:
        return known
    try:
        rows = list(TenantTable(client("dynamodb"), found[name]).tenants())
    except (BotoCoreError, ClientError) as error:
        raise CommandFailedError(f"the table of tenants is unavailable: {error}") from error
    return known | {row.name: declared_by(row) for row in rows}


def _separate(tenants: Mapping[str, Tenant]) -> dict[str, frozenset[str]]:
    return {name: frozenset(separate(tenant)) for name, tenant in tenants.items()}


def _stages() -> dict[str, Any]:
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    stages: dict[str, Any] = context["stages"]
    return stages


def agreed(what: str, *, yes: bool) -> None:
    """Show the plan and ask, unless `yes`. Ends the command if the answer is no."""
    typer.echo(what)
    if not yes and not _confirmed():
        raise typer.Exit(1)


def _confirmed() -> bool:
    try:
        return input("Continue? [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError as error:
        typer.echo("")
        raise CommandFailedError(
            "no answer at the end of input; --yes skips the question"
        ) from error
