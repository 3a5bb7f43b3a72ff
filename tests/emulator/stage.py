"""The product's own stacks on the emulator, deployed and changed through CloudFormation.

The functions are empty archives: only what CloudFormation does with the templates is of interest.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from cli.local_stack.deployment import STAGING_BUCKET
from cli.local_stack.emulator_client import client
from infra_cdk.app import build
from tests.waiting import eventually

Template = dict[str, Any]
_UNCHANGED = "No updates are to be performed."


class Stage:
    """`folder` is for what is synthesised."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self._deployments = 0
        self._templates: dict[str, Template] = {}
        self.client("s3").create_bucket(Bucket=STAGING_BUCKET)

    def client(self, service: str) -> Any:
        return client(service, self._url)

    def synthesise(self, context: Mapping[str, Any]) -> dict[str, Template]:
        """The templates by stack name, in the order of their deployment."""
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
            for name in _in_order(stacks)
        }

    def deploy(self, templates: Mapping[str, Template]) -> dict[str, str]:
        """Creates or updates every stack; its status at the end, or "unchanged"."""
        self._publish(templates)
        self._templates = dict(templates)
        return {name: self._deploy(name, template) for name, template in templates.items()}

    def names(self, kind: str) -> dict[str, str]:
        """Physical ids by logical id of all resources of the type `kind`."""
        stacks = self.client("cloudformation")
        return {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for name in self._templates
            for page in stacks.get_paginator("list_stack_resources").paginate(StackName=name)
            for one in page["StackResourceSummaries"]
            if one["ResourceType"] == kind
        }

    def _deploy(self, name: str, template: Template) -> str:
        stacks, key = self.client("cloudformation"), f"{name}-{self._deployments}.json"
        self.client("s3").put_object(Bucket=STAGING_BUCKET, Key=key, Body=json.dumps(template))
        asked = {
            "StackName": name,
            "TemplateURL": f"{self._url}/{STAGING_BUCKET}/{key}",
            "Capabilities": ["CAPABILITY_IAM"],
        }
        try:
            if self._exists(name):
                stacks.update_stack(**asked)
            else:
                stacks.create_stack(**asked)
        except ClientError as error:
            if error.response["Error"]["Message"] == _UNCHANGED:
                return "unchanged"
            raise

        def finished() -> str | None:
            status: str = stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            return None if status.endswith("IN_PROGRESS") else status

        return eventually(finished, within=300)

    def _exists(self, name: str) -> bool:
        found = self.client("cloudformation").describe_stacks()["Stacks"]
        return any(one["StackName"] == name for one in found)

    def _publish(self, templates: Mapping[str, Template]) -> None:
        empty = io.BytesIO()
        with zipfile.ZipFile(empty, "w") as archive:
            archive.writestr("empty.py", "")
        for key in set(_assets(list(templates.values()))):
            self.client("s3").put_object(Bucket=STAGING_BUCKET, Key=key, Body=empty.getvalue())


def _in_order(stacks: Mapping[str, Any]) -> Iterator[str]:
    waiting = dict(stacks)
    while waiting:
        ready = [
            name
            for name, artifact in waiting.items()
            if not waiting.keys() & set(artifact.get("dependencies", ()))
        ]
        assert ready, "stacks depend on each other"
        for name in ready:
            del waiting[name]
            yield name


def _assets(value: Any) -> Iterator[str]:
    """The keys of all archives that a template refers to."""
    if isinstance(value, dict):
        key = value.get("S3Key")
        if isinstance(key, str):
            yield key
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _assets(one)


def changed(
    templates: Mapping[str, Template], kind: str, change: Callable[[Any], None]
) -> dict[str, Template]:
    """A copy in which `change` was made to the properties of every resource of the type `kind`."""
    copied: dict[str, Template] = json.loads(json.dumps(templates))
    for template in copied.values():
        for resource in template["Resources"].values():
            if resource["Type"] == kind:
                change(resource.setdefault("Properties", {}))
    return copied
