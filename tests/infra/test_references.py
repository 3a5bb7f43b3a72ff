"""References between stacks: they hold nothing back that a later deployment takes away."""

import copy
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra_cdk import outputs
from infra_cdk.app import build
from tests.synthesis import ROOT, context, synthesis

Change = Callable[[dict[str, Any]], None]
PARTNER = {
    "endpoints": {"api": "https://api.other.example"},
    "credentials": ["client_id", "client_secret"],
    "max_concurrency": 2,
}


def test_no_stack_exports_a_value_or_imports_one() -> None:
    for made in (synthesis("local"), synthesis("aws")):
        for stack, template in made.templates.items():
            exported = [one for one in template.get("Outputs", {}).values() if "Export" in one]
            assert exported == [], stack
            assert "Fn::ImportValue" not in json.dumps(template), stack


def test_every_reference_names_an_output_of_the_stack_it_refers_to() -> None:
    for made in (synthesis("local"), synthesis("aws")):
        assert _dangling(made.templates) == []
    assert len(list(_references(synthesis("aws").templates))) > 100


def _add(declared: dict[str, Any]) -> None:
    declared["providers"]["other"] = PARTNER


def _remove(declared: dict[str, Any]) -> None:
    del declared["providers"]["lastfm"]


def _change(declared: dict[str, Any]) -> None:
    declared["providers"]["lastfm"]["endpoints"]["api"] = "https://ws.other.example"


def _with_events(declared: dict[str, Any]) -> None:
    declared["stages"]["local"]["tenants"]["meadow"]["events"] = True


def _without_events(declared: dict[str, Any]) -> None:
    declared["stages"]["local"]["tenants"]["harbor"]["events"] = False


def _of_provider(name: str) -> set[str]:
    """The outputs of the data stack for a provider."""
    return {outputs.secret(name), outputs.secret_name(name), outputs.dead_letters(name)}


@pytest.mark.parametrize(
    ("change", "appears", "disappears"),
    [
        (_add, _of_provider("other"), set()),
        (_remove, set(), _of_provider("lastfm")),
        (_change, set(), set()),
        (_with_events, {outputs.event_bus("meadow")}, set()),
        (_without_events, set(), {outputs.event_bus("harbor")}),
    ],
    ids=["add provider", "remove provider", "change provider", "add events", "remove events"],
)
def test_a_provider_or_events_can_be_added_and_removed_in_one_deployment(
    change: Change, appears: set[str], disappears: set[str]
) -> None:
    """CloudFormation updates the data first, and with it nothing that a deployed stack holds."""
    before = synthesis("local").templates
    after = _synthesised(change)
    stateful = outputs.stateful_stack("local")
    old, new = (_ours(templates[stateful]) for templates in (before, after))
    assert (new - old, old - new) == (appears, disappears)
    assert _dangling(after) == []


def test_stacks_are_deployed_after_those_they_refer_to() -> None:
    assert synthesis("aws").dependencies[outputs.stateless_stack("production")] == [
        outputs.stateful_stack("production")
    ]
    assert (
        outputs.stateless_stack("production")
        in (synthesis("aws").dependencies[outputs.edge_stack("production")])
    )


def _synthesised(change: Change) -> dict[str, dict[str, Any]]:
    declared = copy.deepcopy(context("local"))
    change(declared)
    with tempfile.TemporaryDirectory(dir=ROOT / ".topk") as outdir:
        build(declared | {"aws:cdk:bundling-stacks": []}, outdir).synth()
        return {
            path.name.removesuffix(".template.json"): json.loads(path.read_text(encoding="utf-8"))
            for path in Path(outdir).glob("*.template.json")
        }


def _ours(template: dict[str, Any]) -> set[str]:
    return {name for name in template["Outputs"] if not name.startswith("PublishOutput")}


def _dangling(templates: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (stack, output)
        for stack, output in _references(templates)
        if output not in templates[stack]["Outputs"]
    ]


def _references(value: object) -> Iterator[tuple[str, str]]:
    """Stack and output of every reference within `value`."""
    if isinstance(value, dict):
        if named := value.get("Fn::GetStackOutput"):
            yield named["StackName"], named["OutputName"]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)
