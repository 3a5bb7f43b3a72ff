"""`topk deploy` and `topk destroy`: deploy or remove a stage on AWS."""

import shlex
import subprocess
import sys
from typing import Annotated

import typer

from cli import tools
from cli.commands.operate.preflight import Stage, check
from cli.failure import CommandFailedError
from cli.launch.removal import remove
from cli.launch.stage_account import identity, stage_account
from cli.operated import Yes, agreed
from cli.provider_terms import show_warnings
from simulator.emulator.process import ROOT

EvenProtected = Annotated[
    bool, typer.Option("--even-protected", help="Also remove a stage that cdk.json protects.")
]
SkipPreflight = Annotated[
    bool, typer.Option("--skip-preflight", help="Deploy without the checks of `topk preflight`.")
]


def deploy(stage: Stage = "", yes: Yes = False, skip_preflight: SkipPreflight = False) -> None:
    """Check and deploy a stage to AWS with the current credentials."""
    account = stage_account(stage)
    if skip_preflight:
        identity(account)
    else:
        check(account)
    show_warnings(stage)
    agreed(f"Deploy {stage} to AWS: {', '.join(account.stacks)}", yes=yes)
    _cdk(stage, "--require-approval", "never" if yes else "broadening")


def destroy(stage: Stage = "", yes: Yes = False, even_protected: EvenProtected = False) -> None:
    """Remove a stage from AWS. A protected stage needs --even-protected and keeps its data."""
    account = stage_account(stage)
    protected = account.deployment.stage.protected
    if protected and not even_protected:
        raise typer.BadParameter(f"{stage} is protected; use --even-protected to remove it")
    number = identity(account)
    kept = "; its tables, key and secrets stay" if protected else " and all its data"
    agreed(f"Destroy {', '.join(account.stacks)} in account {number}{kept}", yes=yes)
    remove(account, say=typer.echo)


def _cdk(stage: str, *options: str) -> None:
    command = [
        *tools.cdk(), "deploy", "--all",
        # A reference to another stack is read again although the template is unchanged.
        "--force",
        "--app", f"{shlex.quote(sys.executable)} -O -m infra_cdk.app",
        "--context", "target=aws",
        "--context", f"stage={stage}",
        *options,
    ]  # fmt: skip
    if code := subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 - our own
        raise CommandFailedError(f"cdk deploy ended with exit code {code}")
