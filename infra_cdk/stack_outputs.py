"""Stack outputs, under the names of infra_cdk.outputs."""

from collections.abc import Mapping

import aws_cdk as cdk


def say_where(stack: cdk.Stack, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        # The construct id is already used by the resource; the logical id is the visible name.
        cdk.CfnOutput(stack, f"Output{name}", value=value).override_logical_id(name)
