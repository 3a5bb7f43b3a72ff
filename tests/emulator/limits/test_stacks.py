"""CloudFormation refuses a template above a limit, and what the template's services refuse."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from simulator.emulator.limits.stub_resources import STUBS
from simulator.emulator.process import REGION
from tests.emulator.limits.account import TRUST, Account, policy
from tests.emulator.limits.proofs import proves
from tests.synthesis import synthesis
from tests.waiting import eventually

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator contract")]

HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {"AssumeRolePolicyDocument": json.loads(TRUST)},
}


def _template(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources or {"Handle": HANDLE}}


def _function(**properties: Any) -> dict[str, Any]:
    return _template(
        Role=ROLE,
        Function={
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Code": {"ZipFile": "def handler(event, context): pass"},
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                **properties,
            },
        },
    )


TEMPLATES: Mapping[str, tuple[dict[str, Any], str]] = {
    "resources": (
        _template(**{f"Handle{number}": HANDLE for number in range(501)}),
        "Number of resources, 501, is greater than maximum allowed, 500",
    ),
    "outputs": (
        _template() | {"Outputs": {f"Output{number}": {"Value": "x"} for number in range(201)}},
        "Number of outputs, 201, is greater than maximum allowed, 200",
    ),
    "parameters": (
        _template()
        | {
            "Parameters": {f"P{number}": {"Type": "String", "Default": ""} for number in range(201)}
        },
        "Number of parameters, 201, is greater than maximum allowed, 200",
    ),
    "template in a request": (
        _template() | {"Metadata": {"padding": "x" * 51_200}},
        "Member must have length less than or equal to 51200",
    ),
}


@proves(*(f"CloudFormation: {name}" for name in TEMPLATES))
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_above_a_limit_is_refused(account: Account, name: str) -> None:
    template, reason = TEMPLATES[name]
    code, message = account.refusal(
        "cloudformation", "create_stack", StackName="refused", TemplateBody=json.dumps(template)
    )
    assert code == "ValidationError"
    assert reason in message


@proves("CloudFormation: value of a parameter")
def test_a_parameters_value_above_its_limit_is_refused(account: Account) -> None:
    template = _template() | {"Parameters": {"Long": {"Type": "String"}}}
    code, message = account.refusal(
        "cloudformation",
        "create_stack",
        StackName="refused",
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "Long", "ParameterValue": "x" * 4097}],
    )
    assert code == "ValidationError"
    assert "Member must have length less than or equal to 4096" in message


@proves("CloudFormation: template in S3")
def test_a_template_in_s3_above_a_megabyte_is_refused(account: Account) -> None:
    store = account.client("s3")
    store.create_bucket(Bucket="templates")
    body = json.dumps(_template() | {"Metadata": {"padding": "x" * 1_000_000}})
    store.put_object(Bucket="templates", Key="large.json", Body=body)
    code, message = account.refusal(
        "cloudformation",
        "create_stack",
        StackName="refused",
        TemplateURL=f"{account.url}/templates/large.json",
    )
    assert code == "ValidationError"
    assert "Template may not exceed 1000000 bytes in size." in message


FAILING: Mapping[str, tuple[dict[str, Any], str]] = {
    "environment": (
        _function(Environment={"Variables": {"A": "x" * 4096}}),
        "exceeded the 4KB limit",
    ),
    "timeout": (_function(Timeout=901), "Member must have value less than or equal to 900"),
    "concurrency": (
        _function(ReservedConcurrentExecutions=901),
        "below its minimum value of [100]",
    ),
    "inline-policies": (
        _template(
            Role={
                **ROLE,
                "Properties": {
                    **ROLE["Properties"],  # type: ignore[dict-item]
                    "Policies": [
                        {
                            "PolicyName": name,
                            "PolicyDocument": json.loads(policy(["s3:*"], "x" * 5200)),
                        }
                        for name in ("one", "two")
                    ],
                },
            }
        ),
        "Maximum policy size of 10240 bytes exceeded",
    ),
    "visibility": (
        {
            "Resources": {
                **_function(Timeout=60)["Resources"],
                "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 59}},
                "Mapping": {
                    "Type": "AWS::Lambda::EventSourceMapping",
                    "Properties": {
                        "FunctionName": {"Ref": "Function"},
                        "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
                    },
                },
            }
        },
        "Queue visibility timeout: 59 seconds is less than Function timeout: 60 seconds",
    ),
}


@pytest.mark.parametrize("name", FAILING)
def test_a_stack_fails_where_a_service_refuses_a_resource(account: Account, name: str) -> None:
    template, reason = FAILING[name]
    status, answered = account.stack(f"failing-{name}", template)
    assert status == "ROLLBACK_COMPLETE"
    assert reason in answered


@proves("Lambda: reserved concurrency of a template")
def test_a_templates_concurrency_and_loop_reach_its_function(account: Account) -> None:
    functions, stacks = account.client("lambda"), account.client("cloudformation")
    account.stack("reserving", _function(ReservedConcurrentExecutions=2, RecursiveLoop="Allow"))
    resource = {"StackName": "reserving", "LogicalResourceId": "Function"}
    detail = stacks.describe_stack_resource(**resource)["StackResourceDetail"]
    name = detail["PhysicalResourceId"]
    reserved = functions.get_function_concurrency(FunctionName=name)
    assert reserved["ReservedConcurrentExecutions"] == 2
    assert functions.get_function_recursion_config(FunctionName=name)["RecursiveLoop"] == "Allow"
    stacks.update_stack(
        StackName="reserving",
        TemplateBody=json.dumps(_function()),
        Capabilities=["CAPABILITY_IAM"],
    )
    assert account.finished("reserving")[0] == "UPDATE_COMPLETE"
    assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(
        FunctionName=name
    )
    recursion = functions.get_function_recursion_config(FunctionName=name)
    assert recursion["RecursiveLoop"] == "Terminate"


def _stubbed(value: str) -> dict[str, Any]:
    """Every stub, named by `value` where a property names it."""
    resources = {}
    for number, (kind, stub) in enumerate(STUBS.items()):
        properties: Any = value
        for step in reversed(stub.named_by):
            properties = {step: properties}
        resources[f"Stub{number}"] = {"Type": kind, "Properties": properties}
    outputs = {name: {"Value": {"Ref": name}} for name in resources}
    for number, stub in enumerate(STUBS.values()):
        if stub.arn:
            outputs[f"Arn{number}"] = {"Value": {"Fn::GetAtt": [f"Stub{number}", "Arn"]}}  # type: ignore[dict-item]
    return {"Resources": resources, "Outputs": outputs}


@proves("CloudFormation: resource types without a counterpart")
def test_stub_resources_are_created_replaced_and_deleted(account: Account) -> None:
    stacks = account.client("cloudformation")
    assert account.stack("stubs", _stubbed("first")) == ("CREATE_COMPLETE", "")

    def outputs() -> set[str]:
        found = stacks.describe_stacks(StackName="stubs")["Stacks"][0]["Outputs"]
        return {one["OutputValue"].rpartition("/")[2].rpartition(":")[2] for one in found}

    assert outputs() == {"first"}
    stacks.update_stack(StackName="stubs", TemplateBody=json.dumps(_stubbed("second")))
    assert account.finished("stubs")[0] == "UPDATE_COMPLETE"
    assert "second" in outputs()
    stacks.delete_stack(StackName="stubs")

    def gone() -> bool:
        names = [one["StackName"] for one in stacks.describe_stacks()["Stacks"]]
        return "stubs" not in names

    eventually(gone)


def test_every_resource_type_of_our_templates_is_accepted(account: Account) -> None:
    templates = [*synthesis("aws").templates.values(), *synthesis("local").templates.values()]
    kinds = {one["Type"] for template in templates for one in template["Resources"].values()}
    minimal = {f"R{number}": {"Type": kind} for number, kind in enumerate(sorted(kinds))}
    answer = account.client("cloudformation").validate_template(
        TemplateBody=json.dumps({"Resources": minimal})
    )
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    code, message = account.refusal(
        "cloudformation",
        "validate_template",
        TemplateBody=json.dumps({"Resources": {"R": {"Type": "AWS::None::Such"}}}),
    )
    assert code == "ValidationError"
    assert "Unrecognized resource types: [AWS::None::Such]" in message


@proves("CloudFormation: deletion of a bucket with objects")
def test_a_bucket_with_objects_stops_the_deletion_of_its_stack(account: Account) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "full"}}
    account.stack("with-bucket", _template(Bucket=bucket))
    store = account.client("s3")
    store.put_object(Bucket="full", Key="object", Body=b"")
    status, reason = account.deleted("with-bucket")
    assert status == "DELETE_FAILED"
    assert "The bucket you tried to delete is not empty" in reason
    store.delete_object(Bucket="full", Key="object")
    assert account.deleted("with-bucket")[0] == "gone"


@proves("CloudFormation: deletion of a protected table")
def test_a_protected_table_stops_the_deletion_of_its_stack(account: Account) -> None:
    table = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": "protected",
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "DeletionProtectionEnabled": True,
        },
    }
    account.stack("with-table", _template(Table=table))
    status, reason = account.deleted("with-table")
    assert status == "DELETE_FAILED"
    assert "currently protected against deletion" in reason
    tables = account.client("dynamodb")
    tables.update_table(TableName="protected", DeletionProtectionEnabled=False)
    assert account.deleted("with-table")[0] == "gone"


def test_an_alarm_on_metric_math_is_created_changed_and_deleted(account: Account) -> None:
    def alarm(threshold: int) -> dict[str, Any]:
        properties = {
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "Threshold": threshold,
            "Metrics": [{"Id": "share", "Expression": "1 / 2", "ReturnData": True}],
        }
        return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}

    assert account.stack("with-math", _template(Alarm=alarm(1)))[0] == "CREATE_COMPLETE"
    account.client("cloudformation").update_stack(
        StackName="with-math", TemplateBody=json.dumps(_template(Alarm=alarm(2)))
    )
    assert account.finished("with-math")[0] == "UPDATE_COMPLETE"
    assert account.deleted("with-math")[0] == "gone"


@pytest.mark.parametrize(
    ("name", "region", "named"),
    [("far", "eu-central-1", "eu-central-1"), ("near", REGION, {"Ref": "AWS::Region"})],
)
def test_an_output_is_read_from_the_region_that_a_reference_names(
    account: Account, name: str, region: str, named: Any
) -> None:
    told = {"Outputs": {"Name": {"Value": f"queue-{name}"}}}
    account.stack(f"telling-{name}", _template() | told, region)
    asked = {"StackName": f"telling-{name}", "OutputName": "Name", "Region": named}
    properties = {"QueueName": {"Fn::GetStackOutput": asked}}
    queue = {"Type": "AWS::SQS::Queue", "Properties": properties}
    status, reason = account.stack(f"listening-{name}", _template(Queue=queue))
    assert status == "CREATE_COMPLETE", reason
    assert account.client("sqs").get_queue_url(QueueName=f"queue-{name}")
