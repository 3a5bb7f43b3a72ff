"""An AWS account in memory, as far as preflight and removal ask it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra_cdk.config import EDGE_REGION

REGION = "eu-central-1"
BUCKET = "AWS::S3::Bucket"


def refused(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message or code}}, "Call")


@dataclass
class Resource:
    """A resource of a stack. `stuck` ones cannot be deleted, and so many `deliveries` fill a bucket
    while its stack is being deleted."""

    kind: str
    retained: bool = False
    stuck: bool = False
    deliveries: int = 0
    status: str = "CREATE_COMPLETE"


@dataclass
class Stack:
    status: str = "CREATE_COMPLETE"
    protected: bool = True
    resources: dict[str, Resource] = field(default_factory=dict)


@dataclass
class Account:
    """`stacks` and `bootstrapped` are by region, `objects` by bucket."""

    stacks: dict[str, dict[str, Stack]] = field(default_factory=dict)
    bootstrapped: dict[str, int] = field(default_factory=lambda: {REGION: 25, EDGE_REGION: 25})
    objects: dict[str, list[str]] = field(default_factory=dict)
    concurrency: int = 1000
    requests: float = 10_000
    table_units: float = 40_000
    databases: set[str] = field(default_factory=set)
    buses: set[str] = field(default_factory=set)
    zones: dict[str, str] = field(default_factory=dict)
    """Name of each hosted zone, by id."""
    signed_in: bool = True

    def client(self, service: str, region: str) -> Any:
        return _CLIENTS[service](self, region)


@dataclass
class _Client:
    account: Account
    region: str


class _Sts(_Client):
    def get_caller_identity(self) -> dict[str, str]:
        if not self.account.signed_in:
            raise refused("ExpiredToken")
        return {"Account": "123456789012"}


class _Ssm(_Client):
    def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803
        assert Name == "/cdk-bootstrap/hnb659fds/version"
        if self.region not in self.account.bootstrapped:
            raise refused("ParameterNotFound")
        return {"Parameter": {"Value": str(self.account.bootstrapped[self.region])}}


class _Lambda(_Client):
    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": {"UnreservedConcurrentExecutions": self.account.concurrency}}


class _Quotas(_Client):
    def get_service_quota(self, ServiceCode: str, QuotaCode: str) -> dict[str, Any]:  # noqa: N803
        values = {
            "L-8A5B8E43": self.account.requests,
            "L-65B5C802": 300,
            "L-24B04930": 500,
            "L-AB614373": self.account.table_units,
            "L-CF0CBE56": self.account.table_units,
        }
        return {"Quota": {"Value": values[QuotaCode], "ServiceCode": ServiceCode}}


class _Route53(_Client):
    def get_hosted_zone(self, Id: str) -> dict[str, Any]:  # noqa: N803
        if Id not in self.account.zones:
            raise refused("NoSuchHostedZone")
        return {"HostedZone": {"Name": f"{self.account.zones[Id]}."}}


class _Glue(_Client):
    def get_database(self, Name: str) -> None:  # noqa: N803
        if Name not in self.account.databases:
            raise refused("EntityNotFoundException")


class _Events(_Client):
    def describe_event_bus(self, Name: str) -> None:  # noqa: N803
        if Name not in self.account.buses:
            raise refused("ResourceNotFoundException")


class _CloudFormation(_Client):
    @property
    def stacks(self) -> dict[str, Stack]:
        return self.account.stacks.setdefault(self.region, {})

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        return {"Stacks": [{"StackStatus": self._stack(StackName).status}]}

    def update_termination_protection(
        self,
        StackName: str,  # noqa: N803
        EnableTerminationProtection: bool,  # noqa: N803
    ) -> None:
        self._stack(StackName).protected = EnableTerminationProtection

    def get_template(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        resources = {
            name: {"Type": one.kind, "DeletionPolicy": "Retain" if one.retained else "Delete"}
            for name, one in self._stack(StackName).resources.items()
        }
        return {"TemplateBody": {"Resources": resources}}

    def get_paginator(self, _: str) -> "_CloudFormation":
        return self

    def paginate(self, StackName: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        yield {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": name,
                    "PhysicalResourceId": name.lower(),
                    "ResourceType": one.kind,
                    "ResourceStatus": one.status,
                }
                for name, one in self._stack(StackName).resources.items()
            ]
        }

    def delete_stack(self, StackName: str, RetainResources: tuple[str, ...] = ()) -> None:  # noqa: N803
        stack = self._stack(StackName)
        if stack.protected:
            raise refused("ValidationError", "TerminationProtection is enabled")
        if RetainResources and stack.status != "DELETE_FAILED":
            raise refused("ValidationError", "RetainResources needs DELETE_FAILED")
        for name, resource in list(stack.resources.items()):
            if resource.deliveries:
                resource.deliveries -= 1
                self.account.objects[name.lower()].append("delivered")
            full = resource.kind == BUCKET and self.account.objects.get(name.lower())
            if name in RetainResources or resource.retained or not (resource.stuck or full):
                del stack.resources[name]
            else:
                resource.status = "DELETE_FAILED"
        stack.status = "DELETE_FAILED" if stack.resources else "DELETE_COMPLETE"
        if not stack.resources:
            del self.stacks[StackName]

    def get_waiter(self, _: str) -> "_CloudFormation":
        return self

    def wait(self, StackName: str, WaiterConfig: dict[str, Any]) -> None:  # noqa: N803
        if StackName in self.stacks:
            raise WaiterError("stack_delete_complete", "DELETE_FAILED", {})

    def _stack(self, name: str) -> Stack:
        if name not in self.stacks:
            raise refused("ValidationError", f"Stack with id {name} does not exist")
        return self.stacks[name]


class _S3(_Client):
    def get_paginator(self, _: str) -> "_S3":
        return self

    def paginate(self, Bucket: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        yield {"Contents": [{"Key": key} for key in self.account.objects.get(Bucket, [])]}

    def delete_objects(self, Bucket: str, Delete: dict[str, Any]) -> None:  # noqa: N803
        gone = {one["Key"] for one in Delete["Objects"]}
        left = [key for key in self.account.objects[Bucket] if key not in gone]
        self.account.objects[Bucket] = left


_CLIENTS = {
    "sts": _Sts,
    "ssm": _Ssm,
    "lambda": _Lambda,
    "service-quotas": _Quotas,
    "route53": _Route53,
    "glue": _Glue,
    "events": _Events,
    "cloudformation": _CloudFormation,
    "s3": _S3,
}
