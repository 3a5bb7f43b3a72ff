"""`topk deploy` and `topk destroy`: deploy or remove a stage on AWS with the CDK."""

import json
import shlex
import subprocess
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli import tools
from cli.failure import CommandFailedError
from cli.operated import Yes, agreed
from cli.provider_terms import show_warnings
from infra_cdk import outputs
from simulator.emulator.process import ROOT

EDGE_REGION = "us-east-1"
Stage = Annotated[str, typer.Argument(help="Stage in cdk.json.")]
EvenProtected = Annotated[
    bool, typer.Option("--even-protected", help="Also remove a stage that cdk.json protects.")
]


def deploy(stage: Stage = "", yes: Yes = False) -> None:
    """Deploy a stage to AWS with the current credentials."""
    _declared(stage)
    show_warnings(stage)
    agreed(f"Deploy {stage} to AWS: {', '.join(_stacks(stage))}", yes=yes)
    _cdk("deploy", stage, "--require-approval", "never" if yes else "broadening")


def destroy(stage: Stage = "", yes: Yes = False, even_protected: EvenProtected = False) -> None:
    """Remove a stage from AWS. A protected stage needs --even-protected and keeps its data."""
    protected = _declared(stage)["protected"]
    if protected and not even_protected:
        raise typer.BadParameter(f"{stage} is protected; use --even-protected to remove it")
    kept = "; its tables, key and secrets stay" if protected else " and all its data"
    agreed(f"Destroy {', '.join(_stacks(stage))} on AWS{kept}", yes=yes)
    if protected:
        _unprotect(stage)
    _cdk("destroy", stage, "--force")


def _declared(stage: str) -> Mapping[str, Any]:
    """The stage's entry in cdk.json. Raises BadParameter if it is not an AWS stage."""
    stages = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]["stages"]
    known = [name for name in stages if name != "local"]
    if stage not in known:
        raise typer.BadParameter(f"no stage {stage!r}: cdk.json declares {', '.join(known)}")
    found: Mapping[str, Any] = stages[stage]
    return found


def _stacks(stage: str) -> list[str]:
    """Stacks in the order of deletion: none before the stacks that refer to it."""
    return [
        outputs.edge_stack(stage),
        outputs.stateless_stack(stage),
        outputs.stateful_stack(stage),
    ]


def _unprotect(stage: str) -> None:
    try:
        for stack in _stacks(stage):
            region = EDGE_REGION if stack == outputs.edge_stack(stage) else None
            boto3.client("cloudformation", region_name=region).update_termination_protection(
                StackName=stack, EnableTerminationProtection=False
            )
    except (BotoCoreError, ClientError) as error:
        raise CommandFailedError(f"CloudFormation refused: {error}") from error


def _cdk(verb: str, stage: str, *options: str) -> None:
    command = [
        *tools.cdk(), verb, "--all",
        "--app", f"{shlex.quote(sys.executable)} -O -m infra_cdk.app",
        "--context", "target=aws",
        "--context", f"stage={stage}",
        *options,
    ]  # fmt: skip
    if code := subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 - our own
        raise CommandFailedError(f"cdk {verb} ended with exit code {code}")
