"""The commands of docs/sam.md, and the file of variables that they use."""

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cli.studies.sam.assembly import Assembly, Staged
from cli.studies.sam.by_hand import ENVIRONMENT, TEMPLATE, environments, invoke, start_api
from cli.studies.sam.runtime import SAM
from infra_cdk import outputs
from infra_cdk.functions.declarations import SPECS
from tests.cli.sam_document import PLACE, commands, document
from tests.synthesis import ROOT, synthesis

_PARSE = """
import importlib, json, sys
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

for command in json.load(sys.stdin):
    group, verb, *arguments = command[1:]
    module = importlib.import_module(f"samcli.commands.{group}.{verb.replace('-', '_')}.cli")
    context = module.cli.make_context(verb, arguments)
    stacks, _ = SamLocalStackProvider.get_stacks(context.params["template_file"])
    name = context.params.get("function_logical_id")
    if name and SamFunctionProvider(stacks).get(name) is None:
        sys.exit(f"{name} is not in the template")
"""


def test_the_document_has_a_command_for_every_function() -> None:
    assert set(commands()) == set(SPECS)
    written = PLACE.read_text(encoding="utf-8")
    assert written == document(), "update it with .venv/bin/python -m tests.cli.sam_document"


def _parsed(listed: list[list[str]], folder: Path) -> subprocess.CompletedProcess[str]:
    """SAM's own parser on the arguments, as if typed, and its reader on the template."""
    return subprocess.run(
        [SAM / "bin" / "python", "-c", _PARSE],
        cwd=folder,
        input=json.dumps(listed),
        capture_output=True,
        text=True,
        check=False,
    )


def _with_assets() -> dict[str, Any]:
    """The template with the folders of code and layers that the CDK's command line adds to it."""
    template = copy.deepcopy(synthesis("aws").templates[outputs.stateless_stack("staging")])
    for resource in template["Resources"].values():
        kind = resource["Type"].removeprefix("AWS::Lambda::")
        if kind in {"Function", "LayerVersion"}:
            given = "Code" if kind == "Function" else "Content"
            asset = {"aws:asset:path": ".", "aws:asset:property": given}
            resource["Metadata"] = resource.get("Metadata", {}) | asset
    return template


@pytest.mark.skipif(not SAM.exists(), reason="make sam installs SAM")
def test_sam_accepts_every_command_and_finds_its_function(tmp_path: Path) -> None:
    (tmp_path / "events").symlink_to(ROOT / "events")
    (tmp_path / TEMPLATE).parent.mkdir(parents=True)
    (tmp_path / TEMPLATE).write_text(json.dumps(_with_assets()), encoding="utf-8")
    (tmp_path / ENVIRONMENT).write_text("{}", encoding="utf-8")
    done = _parsed([*commands().values(), start_api()], tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert _parsed([[*start_api(), "--no-such-option"]], tmp_path).returncode != 0
    unknown = invoke("FunctionNowhere", Path("events/read/mine.json"))
    assert "FunctionNowhere is not in the template" in _parsed([unknown], tmp_path).stderr


def test_every_function_gets_the_names_of_the_running_stack() -> None:
    staged = Staged("FunctionRead1234", "handler", Path(), (), ("PLAYS_TABLE",), 10)
    deployed = {"read": {"PLAYS_TABLE": "plays-of-demo", "QUEUES_AT": "http://127.0.0.1:4599/0/"}}
    found = environments(Assembly(Path(), {"read": staged}), deployed, "http://127.0.0.1:4599")
    assert found["FunctionRead1234"]["PLAYS_TABLE"] == "plays-of-demo"
    assert found["FunctionRead1234"]["QUEUES_AT"] == "http://host.docker.internal:4599/0/"
    assert found["FunctionRead1234"]["AWS_ENDPOINT_URL"] == "http://host.docker.internal:4599"
