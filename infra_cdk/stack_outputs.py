"""Outputs of a stack, under the very names that infra_cdk.outputs promises."""

from collections.abc import Mapping

import aws_cdk as cdk


def say_where(stack: cdk.Stack, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        # The name is taken in the stack by what it points to; the logical id is what is seen.
        cdk.CfnOutput(stack, f"Output{name}", value=value).override_logical_id(name)
