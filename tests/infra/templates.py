"""Reading a synthesised template the way a test speaks of it."""

from collections.abc import Mapping
from typing import Any

from infra_cdk import outputs
from tests.synthesis import Target, synthesis

STAGES: Mapping[Target, str] = {"local": "local", "aws": "production"}
Resources = dict[str, dict[str, Any]]


def stateful(target: Target) -> dict[str, Any]:
    return synthesis(target).templates[outputs.stateful_stack(STAGES[target])]


def objectives() -> Resources:
    """The stack of alarms on objectives, which AWS stages have."""
    return synthesis("aws").templates[outputs.objectives_stack(STAGES["aws"])]


def stateless(target: Target) -> dict[str, Any]:
    return synthesis(target).templates[outputs.stateless_stack(STAGES[target])]


def of_type(template: Mapping[str, Any], kind: str) -> Resources:
    """Logical id -> resource, of one type such as Lambda::Function."""
    resources: Resources = template["Resources"]
    return {name: one for name, one in resources.items() if one["Type"] == f"AWS::{kind}"}


def properties(template: Mapping[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: one.get("Properties", {}) for name, one in of_type(template, kind).items()}


def functions(target: Target) -> dict[str, dict[str, Any]]:
    """Name of a function -> its properties."""
    template = stateless(target)
    prefix = outputs.function("")
    return {
        name.removeprefix(prefix).lower(): template["Resources"][said["Value"]["Ref"]]["Properties"]
        for name, said in template["Outputs"].items()
        if name.startswith(prefix)
    }


def pointed_at(value: object) -> str:
    """The output name of what a reference means, such as TablePlays; `*` and texts as they are."""
    if not isinstance(value, dict):
        return str(value)
    ((how, target),) = value.items()
    if how == "Fn::Join":
        return "".join(map(pointed_at, target[1]))
    if how in {"Fn::Select", "Fn::Split"}:
        return pointed_at(target[1])
    if how == "Fn::GetStackOutput":
        return _output(target["StackName"], target["OutputName"])
    return _named(target[0] if how == "Fn::GetAtt" else target)


def called(value: object) -> str:
    """`pointed_at` of what names a function, directly or by its alias."""
    return pointed_at(value).removesuffix(":live").removesuffix("Aliaslive")


def _output(stack: str, name: str) -> str:
    template = next(
        made.templates[stack]
        for made in (synthesis("local"), synthesis("aws"))
        if stack in made.templates
    )
    ((how, target),) = template["Outputs"][name]["Value"].items()
    suffix = ".stream" if how == "Fn::GetAtt" and target[1] == "StreamArn" else ""
    return _named(target[0] if how == "Fn::GetAtt" else target) + suffix


def _named(logical_id: str) -> str:
    """Without the hash that CDK appends."""
    return logical_id[:-8]
