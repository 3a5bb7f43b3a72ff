"""Fixes of deletions by CloudFormation: AWS refuses to delete what would lose data.

The emulator's own APIs refuse them; its CloudFormation drops buckets and tables whatever they hold.
"""

from typing import Any

from simulator.emulator.limits.refusals import Members
from simulator.emulator.splice import Part, around_resource, emulated, part


def keep_full_buckets() -> None:
    """Fault: a bucket is deleted with its objects.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
    """
    buckets = part(emulated("services.s3"), "_buckets")

    def delete(original: Part, name: str, props: Members) -> None:
        if (buckets.get(name) or {}).get("objects"):
            raise ValueError(
                f"The bucket you tried to delete is not empty: {name} (BucketNotEmpty)"
            )
        original(name, props)

    around_resource("AWS::S3::Bucket", "delete", delete)


def keep_protected_tables() -> None:
    """Fault: a table is deleted although its deletion protection is on.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html
    """
    tables = part(emulated("services.dynamodb"), "_tables")

    def delete(original: Part, name: str, props: Members) -> None:
        table: Any = tables.get(name) or {}
        # A template may have strings instead of booleans.
        if str(table.get("DeletionProtectionEnabled")).lower() == "true":
            raise ValueError(
                "Resource cannot be deleted as it is currently protected against deletion. "
                f"Disable deletion protection first. Table: {name} (ValidationException)"
            )
        original(name, props)

    for resource in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
        around_resource(resource, "delete", delete)
