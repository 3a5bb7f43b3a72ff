"""Exports: a bucket that keeps for a day what users had written of themselves."""

from typing import cast

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.function import Function
from infra_cdk.nag import accept

FOLDER = "exports/"
KEPT_DAYS = 1


def export_bucket(scope: Construct, *, local: bool, removal: RemovalPolicy) -> s3.Bucket:
    """Private and encrypted; without versions, so that what is erased is gone."""
    bucket = s3.Bucket(
        scope,
        "Exports",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        # The emulator speaks plain HTTP and would be refused.
        enforce_ssl=not local,
        lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(KEPT_DAYS))],
        removal_policy=removal,
    )
    accept(
        bucket, "AwsSolutions-S1", "CloudTrail's data events tell who reads, without a bucket more."
    )
    return bucket


def write_exports(function: Function, bucket: s3.IBucket) -> None:
    """Puts exports, and signs links, which are worth what the signer may do."""
    _allow(function, bucket, "s3:GetObject", "s3:PutObject")


def erase_exports(function: Function, bucket: s3.IBucket) -> None:
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": f"{FOLDER}*"}},
        )
    )
    _allow(function, bucket, "s3:DeleteObject")


def _allow(function: Function, bucket: s3.IBucket, *actions: str) -> None:
    objects = bucket.arn_for_objects(f"{FOLDER}*")
    function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[objects]))
    accept(
        cast(iam.IRole, function.role),
        f"AwsSolutions-IAM5[Resource::{_exported(bucket)}/{FOLDER}*]",
        "Objects come and go: a policy can name them by their folder alone.",
    )


def _exported(bucket: s3.IBucket) -> str:
    """The bucket's ARN as another stack refers to it."""
    stack = Stack.of(bucket)
    imported = stack.resolve(stack.export_value(bucket.bucket_arn))
    return str(imported["Fn::ImportValue"])
