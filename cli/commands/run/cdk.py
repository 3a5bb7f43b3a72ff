"""`topk cdk`: the pinned CDK command line, run by the packaged Node."""

import subprocess

import typer

from cli import tools
from cli.provider_terms import show_warnings
from simulator.emulator.process import ROOT

_DEPLOYING = frozenset({"synth", "synthesize", "deploy", "diff"})


def cdk(arguments: typer.Context) -> None:
    """Run a command of the CDK, such as `topk cdk bootstrap`, with the arguments given."""
    if _DEPLOYING.intersection(arguments.args):
        show_warnings()
    command = [*tools.cdk(), *arguments.args]
    raise typer.Exit(subprocess.run(command, cwd=ROOT, check=False).returncode)  # noqa: S603 - pinned
