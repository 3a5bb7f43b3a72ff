"""Permissions: every statement of every policy, and no wildcard of our own."""

from typing import Any

import pytest

from infra_cdk.functions.declarations import SPECS
from tests.infra.permissions import PLACE, Statement, allowed, document, statements
from tests.infra.templates import functions, pointed_at, properties, stateful, stateless
from tests.synthesis import Target, synthesis

TARGETS: tuple[Target, ...] = ("local", "aws")
NO_NARROWER = {
    "dynamodb:ListStreams",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
"""Actions that AWS grants on no single resource (Service Authorization Reference)."""
# Flags come from AppConfig on AWS, and from a file of the function on the local stage.
FLAGS = frozenset({"appconfig:GetLatestConfiguration", "appconfig:StartConfigurationSession"})
FOR_DEPLOYMENTS = ("CustomCDKBucketDeployment", "Canary")
"""Roles that CDK creates for its own functions and for CodeDeploy."""
OF_THEIR_OWN = ("TokenKey", "SiteFilesPolicy", "SiteLogsPolicy")
"""Resource policies in which `*` means that key, or the objects of that bucket."""
OBJECTS = (
    "Exports/exports/*",
    "Uploads/imports/*",
    "Secrets/apps/*",
    *(f"Archive/{one}/*" for one in ("deleted", "erased", "plays", "purging")),
)
"""Objects and tenants come and go: a policy names them by their folder or prefix."""


def test_the_document_lists_every_statement() -> None:
    written = PLACE.read_text(encoding="utf-8")
    assert written == document(), "update it with .venv/bin/python -m tests.infra.permissions"


@pytest.mark.parametrize("target", TARGETS)
def test_no_action_is_allowed_by_a_wildcard(target: Target) -> None:
    wide = [
        one
        for one in _allowing(target)
        if any("*" in action for action in one.actions) and not one.who.startswith(FOR_DEPLOYMENTS)
    ]
    assert wide == []


@pytest.mark.parametrize("target", TARGETS)
def test_no_resource_is_a_wildcard_if_aws_supports_a_narrower_one(target: Target) -> None:
    wide = [
        one
        for one in _allowing(target)
        if any("*" in resource for resource in one.resources if resource not in OBJECTS)
        and one.who not in OF_THEIR_OWN
        and not one.who.startswith(FOR_DEPLOYMENTS)
        and not set(one.actions) <= NO_NARROWER
    ]
    assert wide == []


def test_each_permission_to_invoke_a_function_names_one_source() -> None:
    for template in synthesis("aws").templates.values():
        for name, one in properties(template, "Lambda::Permission").items():
            assert one["Principal"].endswith(".amazonaws.com"), name
            assert "SourceArn" in one, name


@pytest.mark.parametrize("name", SPECS)
def test_a_function_has_the_same_permissions_on_every_target(name: str) -> None:
    on_aws = allowed("aws", name)
    flags = {on: on_aws.pop(on) for on in set(on_aws) if on.startswith("arn:aws:appconfig:")}
    assert list(flags.values()) == [FLAGS] * SPECS[name].reads_flags
    assert allowed("local", name) == on_aws


@pytest.mark.parametrize("name", SPECS)
def test_a_function_gets_the_names_of_exactly_its_tables(name: str) -> None:
    variables = {
        _pascal(variable.removesuffix("_TABLE")): pointed_at(value)
        for variable, value in _variables("aws", name).items()
        if variable.endswith("_TABLE")
    }
    assert variables == {table: table for table in SPECS[name].tables}


def test_roles_belong_to_lambda_and_have_no_managed_policy() -> None:
    roles = {
        name: role
        for name, role in properties(stateless("aws"), "IAM::Role").items()
        if not name.startswith(FOR_DEPLOYMENTS)
    }
    assert len(roles) == len(SPECS)
    for name, role in roles.items():
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}, name
        assert "ManagedPolicyArns" not in role, name


def test_alarms_can_publish_only_over_tls() -> None:
    (policy,) = properties(stateless("aws"), "SNS::TopicPolicy").values()
    statements = {one["Effect"]: one for one in policy["PolicyDocument"]["Statement"]}
    assert statements["Allow"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statements["Deny"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_queues_on_aws_refuse_plain_text_and_are_encrypted() -> None:
    for template in (stateful("aws"), stateless("aws")):
        queues = properties(template, "SQS::Queue")
        policies = properties(template, "SQS::QueuePolicy").values()
        denied = {
            pointed_at(queue)
            for policy in policies
            for queue in policy["Queues"]
            if any(one["Effect"] == "Deny" for one in policy["PolicyDocument"]["Statement"])
        }
        assert denied == {name[:-8] for name in queues}
        assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())


def _allowing(target: Target) -> list[Statement]:
    return [one for one in statements(target) if one.effect == "Allow"]


def _variables(target: Target, name: str) -> dict[str, Any]:
    variables: dict[str, Any] = functions(target)[name]["Environment"]["Variables"]
    return variables


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
