"""Canary deployments: a new version first serves a tenth of the calls, and is rolled back if it
fails.
"""

from collections.abc import Mapping
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra_cdk.functions.function import Function
from infra_cdk.monitoring.alarms import Alarms
from infra_cdk.monitoring.metrics import metric
from infra_cdk.nag import accept
from infra_cdk.outputs import pascal

FAILURES = 5
"""Failed responses a minute that roll a version back. Handlers turn all errors into 503, so that
Lambda's error count sees only crashes and timeouts.
"""


POLICY = (
    "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited"
)


def canaries(scope: Construct, functions: Mapping[str, Function], alarms: Alarms) -> None:
    """Canaries of every function that an API calls by alias."""
    application = codedeploy.LambdaApplication(scope, "Releases")
    for name, function in functions.items():
        if function.entry is function:
            continue
        alias = cast(lambda_.Alias, function.entry)
        group = codedeploy.LambdaDeploymentGroup(
            scope,
            f"Canary{pascal(name)}",
            application=application,
            alias=alias,
            deployment_config=codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
            alarms=[
                alarms.watch(
                    f"{pascal(name)}CanaryCrashes",
                    alias.metric_errors(period=Duration.minutes(1)),
                    reaches=1,
                    says=f"Rolls a new version of {name} back",
                ),
                alarms.watch(
                    f"{pascal(name)}CanaryFailures",
                    metric("ServerErrors", service=name),
                    reaches=FAILURES,
                    says=f"Rolls a new version of {name} back",
                ),
            ],
        )
        accept(
            group,
            f"AwsSolutions-IAM4[{POLICY}]",
            "CodeDeploy's own policy for Lambda, which CDK attaches to the role of a group.",
        )
