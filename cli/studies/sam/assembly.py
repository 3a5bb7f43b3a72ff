"""What the deployment would upload for a function, read from the synthesised template."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.failure import CommandFailedError
from infra_cdk.functions.architecture import this_architecture
from simulator.emulator.process import ROOT

STAGE = "staging"
HANDLER = "functions.{}.handler.lambda_handler"


@dataclass(frozen=True, slots=True)
class Staged:
    """A function as deployed: its logical id in the template, code and layers in folders."""

    logical_id: str
    handler: str
    code: Path
    layers: tuple[Path, ...]
    variables: tuple[str, ...]
    """The names in its environment."""
    seconds: int


@dataclass(frozen=True, slots=True)
class Assembly:
    template: Path
    functions: Mapping[str, Staged]


def synthesise(folder: Path) -> Assembly:
    """Synthesises one stage for AWS, on processors like those of this machine.

    Raises CommandFailedError if that fails.
    """
    command = [
        *("node", str(ROOT / "node_modules/aws-cdk/bin/cdk"), "synth", "--quiet"),
        *("-c", "target=aws", "-c", f"stage={STAGE}"),
        *("-c", f"architecture={this_architecture()}", "--output", str(folder)),
    ]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603 - our own CDK, with arguments of our own
        command, cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    if done.returncode:
        raise CommandFailedError(f"cdk synth failed: {done.stderr.strip()[-500:]}")
    return read(folder / f"TopK-{STAGE.capitalize()}-Stateless.template.json")


def read(template: Path) -> Assembly:
    """The functions of `template`, by the name of their folder in functions/."""
    resources = json.loads(template.read_text(encoding="utf-8"))["Resources"]
    functions = {
        _name(resource): _staged(logical_id, resource, resources, template.parent)
        for logical_id, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::Function" and _name(resource)
    }
    return Assembly(template, functions)


def _name(resource: Mapping[str, Any]) -> str:
    parts = str(resource["Properties"].get("Handler", "")).split(".")
    return parts[1] if parts[0] == "functions" else ""


def _staged(
    logical_id: str, resource: Mapping[str, Any], resources: Mapping[str, Any], folder: Path
) -> Staged:
    properties = resource["Properties"]
    layers = [resources[layer["Ref"]] for layer in properties["Layers"]]
    return Staged(
        logical_id=logical_id,
        handler=properties["Handler"],
        code=folder / resource["Metadata"]["aws:asset:path"],
        layers=tuple(folder / layer["Metadata"]["aws:asset:path"] for layer in layers),
        variables=tuple(properties["Environment"]["Variables"]),
        seconds=properties["Timeout"],
    )
