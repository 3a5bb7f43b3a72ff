"""`topk cdk`: the pinned CDK command line, run by the packaged Node."""

import subprocess

import typer

from cli import tools
from simulator.emulator.process import ROOT


def cdk(arguments: typer.Context) -> None:
    """Run a command of the CDK, such as `topk cdk bootstrap`, with the arguments given."""
    command = [*tools.cdk(), *arguments.args]
    raise typer.Exit(subprocess.run(command, cwd=ROOT, check=False).returncode)  # noqa: S603 - pinned
