"""Removes a stage's stacks from whatever state they are in."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from cli.failure import CommandFailedError
from cli.launch.stage_account import StageAccount

Say = Callable[[str], None]


def remove(account: StageAccount, *, say: Say) -> None:
    """Deletes every stack that exists, the ones that refer to others first.

    Removes their protection, empties buckets that are to be deleted, and retains what cannot be
    deleted. Raises CommandFailedError if a stack is being changed or remains.
    """
    for stack in account.stacks:
        try:
            _remove(account, stack, say)
        except (BotoCoreError, ClientError) as error:
            raise CommandFailedError(f"{stack}: {error}") from error


def _remove(account: StageAccount, stack: str, say: Say) -> None:
    status = account.status(stack)
    if not status:
        say(f"{stack} does not exist")
        return
    if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
        raise CommandFailedError(f"{stack} is {status}; run the command again when it has finished")
    region = account.stacks[stack]
    cloudformation = account.client("cloudformation", region)
    cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    for bucket in _deletable_buckets(cloudformation, stack):
        _empty(account.client("s3", region), bucket)
    if _deleted(cloudformation, stack):
        say(f"{stack} deleted")
        return
    kept = _failed(cloudformation, stack)
    if not kept or not _deleted(cloudformation, stack, retained=kept):
        raise CommandFailedError(f"{stack} cannot be deleted; see its events in {region}")
    say(f"{stack} deleted; delete by hand in {region}: {', '.join(kept)}")


def _deleted(cloudformation: Any, stack: str, *, retained: list[str] | None = None) -> bool:
    """Whether the deletion succeeded. `retained` are logical ids that the stack lets go."""
    options = {"RetainResources": retained} if retained else {}
    cloudformation.delete_stack(StackName=stack, **options)
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack)
    except WaiterError:
        return False
    return True


def _failed(cloudformation: Any, stack: str) -> list[str]:
    return [
        resource["LogicalResourceId"]
        for resource in _resources(cloudformation, stack)
        if resource["ResourceStatus"] == "DELETE_FAILED"
    ]


def _deletable_buckets(cloudformation: Any, stack: str) -> Iterator[str]:
    """Names of the stack's buckets that its template does not retain."""
    template = cloudformation.get_template(StackName=stack)["TemplateBody"]
    if isinstance(template, str):
        template = json.loads(template)
    declared = template.get("Resources", {})
    for resource in _resources(cloudformation, stack):
        policy = declared.get(resource["LogicalResourceId"], {}).get("DeletionPolicy", "Delete")
        bucket = resource.get("PhysicalResourceId")
        if bucket and resource["ResourceType"] == "AWS::S3::Bucket" and policy == "Delete":
            yield bucket


def _resources(cloudformation: Any, stack: str) -> Iterator[Any]:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    for page in pages:
        yield from page["StackResourceSummaries"]


def _empty(s3: Any, bucket: str) -> None:
    """Deletes every object of `bucket`; nothing if it does not exist. Buckets have no versions."""
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            if objects := [{"Key": one["Key"]} for one in page.get("Contents", ())]:
                s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
