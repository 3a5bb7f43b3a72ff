"""Fixes of resources that CloudFormation creates from a template."""

from collections.abc import Mapping
from typing import Any

from simulator.emulator.splice import Part, around, around_resource, emulated, part

Created = tuple[str, dict[str, Any]]
Properties = Mapping[str, Any]


def keep_time_to_live() -> None:
    """Fault: a table's TimeToLiveSpecification is ignored, so nothing ever expires."""
    update = part(emulated("services.dynamodb"), "_update_ttl")

    def create(original: Part, logical_id: str, props: Properties, stack: str) -> Created:
        name, attributes = original(logical_id, props, stack)
        if ttl := props.get("TimeToLiveSpecification"):
            # A template may have strings instead of booleans.
            enabled = str(ttl.get("Enabled", True)).lower() == "true"
            update({"TableName": name, "TimeToLiveSpecification": {**ttl, "Enabled": enabled}})
        return name, attributes

    for resource in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
        around_resource(resource, "create", create)


def allow_origins() -> None:
    """Fault: an HTTP API stores CorsConfiguration with the template's letter case, but reads it
    with the API's, so every preflight request is refused."""

    def spelled(props: Properties) -> Properties:
        cors = props.get("CorsConfiguration")
        if not isinstance(cors, Mapping):
            return props
        respelled = {name[0].lower() + name[1:]: value for name, value in cors.items()}
        return {**props, "CorsConfiguration": respelled}

    def create(original: Part, logical_id: str, props: Properties, stack: str) -> Created:
        created: Created = original(logical_id, spelled(props), stack)
        return created

    def update(original: Part, api: str, old: Properties, new: Properties, *rest: Any) -> Created:
        updated: Created = original(api, spelled(old), spelled(new), *rest)
        return updated

    around_resource("AWS::ApiGatewayV2::Api", "create", create)
    around_resource("AWS::ApiGatewayV2::Api", "update", update)


def refer_to_secrets_by_arn() -> None:
    """Fault: the Ref of a secret is its name instead of its ARN.

    Policies of `grant_read` contain the Ref, so IAM denied every read.
    """
    secrets = part(emulated("services.secretsmanager"), "_secrets")

    def name_of(arn: str) -> str:
        return next((name for name, secret in secrets.items() if secret["ARN"] == arn), arn)

    def create(original: Part, *args: Any) -> Created:
        _, attributes = original(*args)
        return attributes["Arn"], attributes

    def update(original: Part, arn: str, *rest: Any, **named: Any) -> Created:
        _, attributes = original(name_of(arn), *rest, **named)
        return attributes["Arn"], attributes

    def delete(original: Part, arn: str, *rest: Any) -> None:
        original(name_of(arn), *rest)

    around_resource("AWS::SecretsManager::Secret", "create", create)
    around_resource("AWS::SecretsManager::Secret", "update", update)
    around_resource("AWS::SecretsManager::Secret", "delete", delete)


def accept_metric_math() -> None:
    """Fault: an alarm on metric math fails its stack. It is a name here, and never fires."""
    provisioners = emulated("services.cloudformation.provisioners")
    responses = emulated("core.responses")
    longest = 255

    def named(name: str) -> Created:
        region, account = responses.get_region(), responses.get_account_id()
        return name, {"Arn": f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}"}

    def create(original: Part, logical_id: str, props: Properties, stack: str) -> Created:
        if not props.get("Metrics"):
            created: Created = original(logical_id, props, stack)
            return created
        generated = part(provisioners, "_physical_name")
        return named(props.get("AlarmName") or generated(stack, logical_id, max_len=longest))

    def update(original: Part, name: str, old: Properties, new: Properties, *rest: Any) -> Created:
        if new.get("Metrics"):
            return named(name)
        updated: Created = original(name, old, new, *rest)
        return updated

    around_resource("AWS::CloudWatch::Alarm", "create", create)
    around_resource("AWS::CloudWatch::Alarm", "update", update)


def read_outputs_of_other_regions() -> None:
    """Fault: Fn::GetStackOutput ignores its Region and looks for the stack in its own.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
    """
    responses = emulated("core.responses")

    def resolve(original: Part, value: Any, *rest: Any) -> Any:
        asked = value.get("Fn::GetStackOutput") if isinstance(value, dict) else None
        if not isinstance(asked, dict) or "Region" not in asked:
            return original(value, *rest)
        region = original(asked["Region"], *rest)
        with responses.request_scope(responses.get_account_id(), region):
            return original(value, *rest)

    # Each module has the function under its own name; within the engine it calls itself.
    for module in ("engine", "stacks", "handlers", "changesets"):
        around(emulated(f"services.cloudformation.{module}"), "_resolve_refs", resolve)
