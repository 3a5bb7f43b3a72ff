"""Fix: types of resources that our templates use and the emulator does not have.

Fault: a template with one of them is refused as a whole.

A stub keeps the resource's name and properties in its stack and does nothing: no budget is watched,
no trail recorded, no release shifted, no capacity scaled. CloudFormation creates, updates, replaces
and deletes it like any resource. Ref and attributes are those of
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from simulator.emulator.splice import emulated, part

Properties = Mapping[str, Any]


class Stub(NamedTuple):
    """Ref is the value at the path `named_by`, else generated; `arn` is the pattern of the
    attribute Arn, if there is one; a change of a property in `replaced_by` replaces it."""

    named_by: tuple[str, ...]
    replaced_by: tuple[str, ...] = ()
    arn: str = ""


STUBS: Mapping[str, Stub] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": Stub(
        ("ResourceId",), ("ResourceId", "ScalableDimension", "ServiceNamespace")
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Stub(("PolicyName",), ("PolicyName",)),
    "AWS::Budgets::Budget": Stub(("Budget", "BudgetName"), ("NotificationsWithSubscribers",)),
    "AWS::CloudTrail::Trail": Stub(
        ("TrailName",), ("TrailName",), "arn:aws:cloudtrail:{region}:{account}:trail/{name}"
    ),
    "AWS::CloudWatch::CompositeAlarm": Stub(
        ("AlarmName",), ("AlarmName",), "arn:aws:cloudwatch:{region}:{account}:alarm:{name}"
    ),
    "AWS::CodeDeploy::Application": Stub(("ApplicationName",), ("ApplicationName",)),
    "AWS::CodeDeploy::DeploymentConfig": Stub(
        ("DeploymentConfigName",),
        ("ComputePlatform", "DeploymentConfigName", "MinimumHealthyHosts", "TrafficRoutingConfig"),
    ),
    "AWS::CodeDeploy::DeploymentGroup": Stub(
        ("DeploymentGroupName",), ("ApplicationName", "DeploymentGroupName")
    ),
    "AWS::WAFv2::LoggingConfiguration": Stub(("ResourceArn",), ("ResourceArn",)),
}


def accept_stub_resources() -> None:
    handlers = part(emulated("services.cloudformation.provisioners"), "_RESOURCE_HANDLERS")
    for kind, stub in STUBS.items():
        if kind in handlers:
            raise AttributeError(f"the emulator has {kind} itself")
        handlers[kind] = _handlers(stub)


def _handlers(stub: Stub) -> dict[str, Any]:
    provisioners = emulated("services.cloudformation.provisioners")
    responses = emulated("core.responses")

    def create(logical_id: str, props: Properties, stack: str) -> tuple[str, dict[str, Any]]:
        name = _named(stub, props) or part(provisioners, "_physical_name")(stack, logical_id)
        arn = stub.arn.format(
            region=responses.get_region(), account=responses.get_account_id(), name=name
        )
        return name, {"Arn": arn} if arn else {}

    def update(
        name: str, old: Properties, new: Properties, stack: str, logical_id: str = ""
    ) -> tuple[str, dict[str, Any]]:
        made = create(logical_id or name, new, stack)
        if any(old.get(one) != new.get(one) for one in stub.replaced_by):
            return made
        return name, made[1]

    def delete(_name: str, _props: Properties) -> None:
        """Nothing was made."""

    return {"create": create, "update": update, "delete": delete}


def _named(stub: Stub, props: Properties) -> str:
    found: Any = props
    for step in stub.named_by:
        found = (found or {}).get(step)
    return str(found or "")
