"""`topk sam-env`: what `sam local invoke` and `sam local start-api` need, and the commands."""

import json
import shlex

import typer

from cli.choices import RunningName
from cli.commands.run.replay import FUNCTIONS
from cli.local_stack.chosen_stack import chosen_stack
from cli.studies.sam.assembly import synthesise
from cli.studies.sam.by_hand import (
    ENVIRONMENT,
    TEMPLATE,
    environments,
    invoke,
    start_api,
    variables_of,
)
from infra_cdk import outputs
from simulator.emulator.process import ROOT


def sam_env(name: RunningName = None) -> None:
    """Write out/sam for `sam local`, with the names of the running local stack, and list a command
    for every function and fixture.
    """
    stack = chosen_stack(name)
    assembly = synthesise(ROOT / TEMPLATE.parent)
    lambda_ = stack.client("lambda")
    deployed = {
        function: variables_of(
            lambda_.get_function_configuration(
                FunctionName=stack.outputs[outputs.function(function)]
            )
        )
        for function in assembly.functions
    }
    written = environments(assembly, deployed, stack.emulator_url)
    (ROOT / ENVIRONMENT).write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    for function in FUNCTIONS:
        for fixture in sorted((ROOT / "events" / function).glob("*.json")):
            command = invoke(assembly.functions[function].logical_id, fixture.relative_to(ROOT))
            typer.echo(shlex.join(command))
    typer.echo(shlex.join(start_api()))
