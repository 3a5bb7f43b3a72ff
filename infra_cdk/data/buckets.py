"""Bucket grants: named actions in a single folder."""

from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra_cdk.functions.function import Function
from infra_cdk.nag import accept


def allow_in(function: Function, bucket: s3.IBucket, folder: str, *actions: str) -> None:
    objects = bucket.arn_for_objects(f"{folder}*")
    function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[objects]))
    accept(
        cast(iam.IRole, function.role),
        f"AwsSolutions-IAM5[Resource::{_exported(bucket)}/{folder}*]",
        "Objects come and go: a policy can name them by their folder alone.",
    )


def allow_listing(function: Function, bucket: s3.IBucket, *folders: str) -> None:
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": [f"{one}*" for one in folders]}},
        )
    )


def _exported(bucket: s3.IBucket) -> str:
    """The bucket's ARN as another stack refers to it."""
    stack = Stack.of(bucket)
    imported = stack.resolve(stack.export_value(bucket.bucket_arn))
    return str(imported["Fn::ImportValue"])
