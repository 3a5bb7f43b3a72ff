"""A stage of cdk.json and the AWS account that the current credentials belong to."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import typer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cli.failure import CommandFailedError
from infra_cdk import outputs
from infra_cdk.config import EDGE_REGION, LOCAL, ConfigurationError, Deployment, deployments
from simulator.emulator.process import ROOT

Client = Callable[[str, str], Any]
"""Service and region -> a client."""


@dataclass(frozen=True, slots=True)
class StageAccount:
    """`client` makes clients with the current credentials."""

    deployment: Deployment
    client: Client

    @property
    def region(self) -> str:
        return self.deployment.stage.region or ""

    @property
    def stacks(self) -> dict[str, str]:
        """Region of each stack, in the order of deletion: none before those that refer to it."""
        name = self.deployment.name
        return {
            outputs.edge_stack(name): EDGE_REGION,
            outputs.objectives_stack(name): self.region,
            outputs.stateless_stack(name): self.region,
            outputs.stateful_stack(name): self.region,
        }

    def status(self, stack: str) -> str:
        """The status of a stack; empty if there is none. Raises ClientError or BotoCoreError."""
        cloudformation = self.client("cloudformation", self.stacks[stack])
        try:
            [found] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return ""
            raise
        return str(found["StackStatus"])


def declared() -> dict[str, Any]:
    """The context of cdk.json."""
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return context


def stage_account(stage: str) -> StageAccount:
    """Raises BadParameter if cdk.json has no such stage on AWS, or is invalid."""
    context = declared()
    known = [name for name in context["stages"] if name != LOCAL]
    if stage not in known:
        raise typer.BadParameter(f"no stage {stage!r}: cdk.json declares {', '.join(known)}")
    try:
        (deployment,) = deployments(context | {"target": "aws", "stage": stage})
    except ConfigurationError as error:
        raise typer.BadParameter(str(error)) from error
    if not deployment.stage.region:
        raise typer.BadParameter(f"cdk.json: stages.{stage}.region is missing")
    return StageAccount(deployment, _client)


def identity(account: StageAccount) -> str:
    """The number of the account. Raises CommandFailedError without valid credentials."""
    try:
        told = account.client("sts", account.region).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise CommandFailedError(
            f"no valid AWS credentials: {error}; run `aws sso login` or set AWS_PROFILE"
        ) from error
    return str(told["Account"])


def synthesised(stage: str) -> dict[str, dict[str, Any]]:
    """The stage's templates by stack, without the functions' packages."""
    # CDK takes seconds to load.
    from infra_cdk.app import build

    context = declared() | {"target": "aws", "stage": stage, "aws:cdk:bundling-stacks": []}
    with tempfile.TemporaryDirectory(prefix="topk-synth-") as outdir:
        build(context, outdir).synth()
        return {
            path.name.removesuffix(".template.json"): json.loads(path.read_text(encoding="utf-8"))
            for path in Path(outdir).glob("*.template.json")
        }


def _client(service: str, region: str) -> Any:
    config = Config(retries={"mode": "standard"}, connect_timeout=5)
    return boto3.client(service, region_name=region, config=config)  # type: ignore[call-overload]
