"""Removes a stage's stacks from whatever state they are in."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from cli.failure import CommandFailedError
from cli.launch.stage_account import StageAccount

Say = Callable[[str], None]
POLL_SECONDS = 30.0
LONGEST = 3600
"""Seconds that the deletion of a stack may take; CloudFront takes most of them."""


def remove(account: StageAccount, *, say: Say, poll_seconds: float = POLL_SECONDS) -> None:
    """Deletes every stack that exists, the ones that refer to others first.

    Removes their protection, empties buckets that are to be deleted, and retains what cannot be
    deleted. Raises CommandFailedError if a stack is being changed or remains.
    """
    for stack in account.stacks:
        try:
            _remove(account, stack, say, poll_seconds)
        except (BotoCoreError, ClientError) as error:
            raise CommandFailedError(f"{stack}: {error}") from error


def _remove(account: StageAccount, stack: str, say: Say, poll_seconds: float) -> None:
    status = account.status(stack)
    if not status:
        say(f"{stack} does not exist")
        return
    if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
        raise CommandFailedError(f"{stack} is {status}; run the command again when it has finished")
    region = account.stacks[stack]
    cloudformation = account.client("cloudformation", region)
    cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    deletion = _Deletion(cloudformation, stack, poll_seconds)
    # Twice: until a distribution is gone, CloudFront delivers logs into an emptied bucket.
    for _ in range(2):
        for bucket in _deletable_buckets(cloudformation, stack):
            _empty(account.client("s3", region), bucket)
        if deletion.succeeds():
            say(f"{stack} deleted")
            return
    kept = _failed(cloudformation, stack)
    if not kept or not deletion.succeeds(retained=list(kept)):
        raise CommandFailedError(f"{stack} cannot be deleted; see its events in {region}")
    say(f"{stack} deleted; delete by hand in {region}: {', '.join(kept.values())}")


@dataclass(frozen=True, slots=True)
class _Deletion:
    cloudformation: Any
    stack: str
    poll_seconds: float

    def succeeds(self, *, retained: Sequence[str] = ()) -> bool:
        """Whether the stack is gone. `retained` are logical ids that it lets go."""
        options = {"RetainResources": retained} if retained else {}
        self.cloudformation.delete_stack(StackName=self.stack, **options)
        pace = {"Delay": self.poll_seconds, "MaxAttempts": int(LONGEST / self.poll_seconds)}
        try:
            self.cloudformation.get_waiter("stack_delete_complete").wait(
                StackName=self.stack, WaiterConfig=pace
            )
        except WaiterError:
            return False
        return True


def _failed(cloudformation: Any, stack: str) -> dict[str, str]:
    """What could not be deleted: names by logical id."""
    return {
        resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "without a name")
        for resource in _resources(cloudformation, stack)
        if resource["ResourceStatus"] == "DELETE_FAILED"
    }


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
