"""A stage's own stacks on the emulator, created and updated by its CloudFormation.

Functions are archives that only answer CloudFormation: a rehearsal is about what CloudFormation
does with the templates.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from cli.studies.rehearsal.account import Account, assets
from infra_cdk.app import build

Template = dict[str, Any]
Templates = Mapping[str, Template]
"""By stack name, in the order of their deployment."""
Wait = Callable[[Callable[[], str | None]], str]
"""The first result of a function that is not empty."""


class Resource(NamedTuple):
    """`logical` and `physical` ids, and type of a stack's resource."""

    logical: str
    kind: str
    physical: str


UNCHANGED = "unchanged"
DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", UNCHANGED})
_UNCHANGED = "No updates are to be performed."
# Copies nothing: the answer of CDK's function that copies a site, as of a copy that succeeded.
_COPYING = """
import json
from urllib.request import Request, urlopen


def handler(event, context):
    answer = {one: event[one] for one in ("StackId", "RequestId", "LogicalResourceId")}
    name = event.get("PhysicalResourceId", "copied")
    answer |= {"Status": "SUCCESS", "PhysicalResourceId": name, "Data": {}}
    urlopen(Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT"))
"""


class Stage:
    """The stacks of one stage in `account`; `regions` are by stack name.

    `folder` is for what is synthesised.
    """

    def __init__(
        self, account: Account, regions: Mapping[str, str], folder: Path, wait: Wait
    ) -> None:
        self.account, self._regions, self._folder, self._wait = account, regions, folder, wait
        self._deployments = 0

    def client(self, service: str, stack: str) -> Any:
        """A client for the region of `stack`."""
        return self.account.client(service, self._regions[stack])

    def synthesise(self, context: Mapping[str, Any]) -> dict[str, Template]:
        """The templates for the context of cdk.json."""
        self._deployments += 1
        outdir = self._folder / str(self._deployments)
        build({**context, "aws:cdk:bundling-stacks": []}, str(outdir)).synth()
        artifacts = json.loads((outdir / "manifest.json").read_text("utf-8"))["artifacts"]
        stacks = {
            name: artifact
            for name, artifact in artifacts.items()
            if artifact["type"] == "aws:cloudformation:stack"
        }
        return {
            name: json.loads((outdir / stacks[name]["properties"]["templateFile"]).read_text())
            for name in in_order(
                {name: one.get("dependencies", ()) for name, one in stacks.items()}
            )
        }

    def deploy(self, templates: Templates, **options: Any) -> dict[str, str]:
        """Creates or updates every stack, and ends at the first that fails; `options` are those of
        CreateStack. Status of each at the end, or "unchanged".
        """
        statuses: dict[str, str] = {}
        for name, template in templates.items():
            statuses[name] = self._deploy(name, template, options)
            if statuses[name] not in DONE:
                break
        return statuses

    def propose(self, name: str, template: Template) -> str:
        """Makes a change set for a new stack and leaves it at that; the stack's status."""
        cloudformation = self.client("cloudformation", name)
        cloudformation.create_change_set(
            ChangeSetName="proposed",
            ChangeSetType="CREATE",
            **self._asked(name, template),
        )
        return self._wait(lambda: self.status(name))

    def delete(self, name: str) -> str:
        """Deletes a stack as the console does; its status at the end."""
        cloudformation = self.client("cloudformation", name)
        cloudformation.update_termination_protection(
            StackName=name, EnableTerminationProtection=False
        )
        cloudformation.delete_stack(StackName=name)
        return self._wait(lambda: self._finished(name) or ("" if self.status(name) else "gone"))

    def status(self, name: str) -> str:
        """Of a stack; empty if there is none."""
        found = self.client("cloudformation", name).describe_stacks()["Stacks"]
        return next((str(one["StackStatus"]) for one in found if one["StackName"] == name), "")

    def statuses(self) -> dict[str, str]:
        """Of the stacks that are there."""
        return {name: status for name in self._regions if (status := self.status(name))}

    def resources(self, stack: str) -> list[Resource]:
        """What is in a stack; nothing if there is none."""
        cloudformation = self.client("cloudformation", stack)
        pages = cloudformation.get_paginator("list_stack_resources")
        if not self.status(stack):
            return []
        return [
            Resource(
                one["LogicalResourceId"],
                one["ResourceType"],
                one.get("PhysicalResourceId", ""),
            )
            for page in pages.paginate(StackName=stack)
            for one in page["StackResourceSummaries"]
        ]

    def names(self, kind: str, stack: str = "") -> dict[str, str]:
        """Physical ids by logical id of all resources of the type `kind`, in one stack or all."""
        return {
            one.logical: one.physical
            for name in ([stack] if stack else self._regions)
            for one in self.resources(name)
            if one.kind == kind
        }

    def _deploy(self, name: str, template: Template, options: Mapping[str, Any]) -> str:
        cloudformation, asked = self.client("cloudformation", name), self._asked(name, template)
        try:
            if self.status(name):
                cloudformation.update_stack(**asked)
            else:
                cloudformation.create_stack(**asked, EnableTerminationProtection=True, **options)
        except ClientError as error:
            if error.response["Error"]["Message"] == _UNCHANGED:
                return UNCHANGED
            raise
        return self._wait(lambda: self._finished(name))

    def _finished(self, name: str) -> str | None:
        status = self.status(name)
        return None if status.endswith("IN_PROGRESS") else status

    def _asked(self, name: str, template: Template) -> dict[str, Any]:
        """The members of a request, with template and archives where CDK uploads them."""
        region = self._regions[name]
        store, bucket = self.account.client("s3", region), assets(region)
        for key in set(_archives(template)):
            store.put_object(Bucket=bucket, Key=key, Body=_archive())
        store.put_object(Bucket=bucket, Key=f"{name}.json", Body=json.dumps(template))
        return {
            "StackName": name,
            "TemplateURL": f"{self.account.url}/{bucket}/{name}.json",
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        }


def in_order(dependencies: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The stacks, each after those it depends on."""
    waiting = dict(dependencies)
    while waiting:
        ready = [name for name, needed in waiting.items() if not waiting.keys() & set(needed)]
        if not ready:
            raise ValueError(f"stacks depend on each other: {', '.join(waiting)}")
        for name in ready:
            del waiting[name]
            yield name


def changed(
    templates: Templates, kind: str, change: Callable[[dict[str, Any]], None]
) -> dict[str, Template]:
    """A copy in which `change` was made to the properties of every resource of the type `kind`."""
    copied: dict[str, Template] = json.loads(json.dumps(templates))
    for template in copied.values():
        for resource in template["Resources"].values():
            if resource["Type"] == kind:
                change(resource.setdefault("Properties", {}))
    return copied


def _archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr("index.py", _COPYING)
    return packed.getvalue()


def _archives(value: Any) -> Iterator[str]:
    """The keys of all archives that a template refers to."""
    if isinstance(value, dict):
        key = value.get("S3Key")
        if isinstance(key, str):
            yield key
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _archives(one)
