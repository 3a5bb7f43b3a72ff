"""Every statement of every policy that a deployment makes, and docs/permissions.md with them.

`.venv/bin/python -m tests.infra.permissions` updates it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cli import tools
from tests.infra.templates import STAGES, functions, pointed_at
from tests.synthesis import ROOT, Target, synthesis

PLACE = ROOT / "docs" / "permissions.md"
_BY_NAME = re.compile("^arn:<partition>:secretsmanager:<region>:<accountid>:secret:topk/[a-z]+/")
"""What the ARNs of a stage's secrets begin with whose names are known."""
_HEAD = """\
# Who may do what

Every statement of every policy of a production deployment, read from the synthesised templates. A
test compares this page with them. A function may do exactly what it does:
`tests/functions/test_least_privilege.py` records its calls, compares them with its permissions, and
sees the function fail when any single permission is missing.

No function has a `*` action. The resource `*` appears only where AWS offers no narrower one: the
two X-Ray actions with which Lambda sends traces, and `dynamodb:ListStreams`. In a key policy it
means that key. S3 objects are named by their folder, and the secrets of tenants' own apps by the
prefix of their names. `sqs:*` and `s3:*` are denied for requests without TLS. Where Lambda sends
failed events to a queue, CDK also grants it to read the queue's attributes.
"""
_ROLES = """
## Roles of CDK's and CodeDeploy's own making

They are used only by deployments: to copy the site's files to its bucket and to shift canary
traffic. AWS managed policies are named instead of what they allow.

| role | what | on |
|---|---|---|"""
_RESOURCES = """
## Policies of resources

| of | effect | who | what | only if |
|---|---|---|---|---|"""


@dataclass(frozen=True, slots=True)
class Statement:
    """One of a policy. `who` is the function or role that may, or the resource whose policy it is;
    that one has `principals`."""

    who: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    conditions: str = ""


def allowed(target: Target, name: str) -> dict[str, frozenset[str]]:
    """Resource -> actions that the role of the function `name` has on it."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for statement in statements(target):
        if statement.who == name:
            assert statement.effect == "Allow"
            for resource in statement.resources:
                found[resource] |= set(statement.actions)
    return dict(found)


def statements(target: Target) -> list[Statement]:
    """Every one of the stage that tests look at."""
    of_functions = {pointed_at(one["Role"]): name for name, one in functions(target).items()}
    return [
        statement
        for stack, template in synthesis(target).templates.items()
        if f"-{STAGES[target].title()}-" in stack
        for name, resource in template["Resources"].items()
        for statement in _declared(name[:-8], resource, of_functions)
    ]


def document() -> str:
    listed = statements("aws")
    made = [one for one in listed if not one.principals and one.who not in functions("aws")]
    return "\n".join(
        [
            _HEAD,
            *(_of_function(name) for name in functions("aws")),
            _ROLES,
            *_rows((one.who, (_code(one.actions), _code(one.resources))) for one in made),
            _RESOURCES,
            *_rows((one.who, _of_resource(one)) for one in listed if one.principals),
            "",
        ]
    )


def _of_function(name: str) -> str:
    may: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in statements("aws"):
        for resource in one.resources if one.who == name else ():
            may[resource, one.conditions].update(one.actions)
    rows = _rows((on, (_code(actions), only_if)) for (on, only_if), actions in may.items())
    return "\n".join([f"## {name}\n", "| on | may | only if |", "|---|---|---|", *rows, ""])


def _of_resource(one: Statement) -> tuple[str, ...]:
    return one.effect, ", ".join(one.principals), _code(one.actions), one.conditions


def _rows(cells: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """A row for all whose other cells are the same."""
    alike: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for first, others in cells:
        alike[others].add(first)
    return sorted(f"| {_code(names)} | {' | '.join(others)} |" for others, names in alike.items())


def _declared(
    name: str, resource: Mapping[str, Any], of_functions: Mapping[str, str]
) -> Iterator[Statement]:
    given = resource.get("Properties", {})
    match resource["Type"]:
        case "AWS::IAM::Policy":
            (role,) = (pointed_at(one) for one in given["Roles"])
            yield from _stated(of_functions.get(role, role), given["PolicyDocument"])
        case "AWS::IAM::Role":
            yield from _stated(name, given["AssumeRolePolicyDocument"])
            for policy in given.get("Policies", ()):
                yield from _stated(name, policy["PolicyDocument"])
            for policy in given.get("ManagedPolicyArns", ()):
                yield Statement(name, "Allow", (_said(policy),), ("*",))
        case "AWS::Lambda::Permission":
            called = _said(given["FunctionName"])
            yield Statement(called, "Allow", (given["Action"],), (), (given["Principal"],))
        case _:
            for field in ("PolicyDocument", "KeyPolicy", "ResourcePolicy"):
                yield from _stated(name, given.get(field, {"Statement": []}))


def _stated(who: str, document: Mapping[str, Any]) -> Iterator[Statement]:
    for given in document["Statement"]:
        principals = given.get("Principal", {})
        named = principals.values() if isinstance(principals, dict) else [principals]
        yield Statement(
            who,
            given["Effect"],
            actions=tuple(sorted(_listed(given["Action"]))),
            resources=tuple(_said(one) for one in _listed(given.get("Resource", []))),
            principals=tuple(_said(one) for found in named for one in _listed(found)),
            conditions=_conditions(given.get("Condition", {})),
        )


def _conditions(given: Mapping[str, Mapping[str, Any]]) -> str:
    return ", ".join(
        f"{name} {how} {' or '.join(_said(one) for one in _listed(value))}"
        for how, of in given.items()
        for name, value in of.items()
    )


def _said(value: Any) -> str:
    """A reference by its name; a joined text with its references by theirs."""
    if not isinstance(value, dict):
        return str(value)
    ((how, what),) = value.items()
    if how == "Fn::Join":
        # A bucket is named as every other resource, and secrets by what their names begin with.
        text = "".join(_said(part) for part in what[1]).removeprefix("arn:<partition>:s3:::")
        return _BY_NAME.sub("Secrets/", text)
    if how == "Fn::Sub":
        return str(what)
    if how == "Ref" and what.startswith("AWS::"):
        return f"<{what.removeprefix('AWS::').lower()}>"
    return pointed_at(value)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in sorted(names))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    tools.use()
    PLACE.write_text(document(), encoding="utf-8")
