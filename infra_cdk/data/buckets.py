"""Bucket grants: named actions in a single folder."""

import json
from typing import cast

from aws_cdk import Aws, Fn, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra_cdk import outputs
from infra_cdk.functions.function import Function
from infra_cdk.nag import accept

_OUTPUTS = {
    "Archive": outputs.ARCHIVE_BUCKET,
    "Exports": outputs.EXPORT_BUCKET,
    "Uploads": outputs.IMPORT_BUCKET,
}
"""By construct id: the output that has the bucket's name."""


def allow_in(function: Function, bucket: s3.IBucket, folder: str, *actions: str) -> None:
    stack = Stack.of(bucket)
    # By name, because the reference that CDK would make of the ARN is unknown until synthesis.
    name = Fn.get_stack_output(stack.stack_name, _OUTPUTS[bucket.node.id], stack.region)
    objects = f"arn:{Aws.PARTITION}:s3:::{Token.as_string(name)}/{folder}*"
    function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[objects]))
    shown = json.dumps(Stack.of(function).resolve(name), separators=(",", ":"))
    accept(
        cast(iam.IRole, function.role),
        f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::{shown}/{folder}*]",
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
