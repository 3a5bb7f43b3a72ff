"""Canary deployments: a new version first serves a share of the traffic, and is rolled back if it
fails more often than the version beside it.
"""

from collections.abc import Mapping
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra_cdk.functions.declarations import SPECS
from infra_cdk.functions.function import LIVE, Function
from infra_cdk.monitoring.alarms import Alarms
from infra_cdk.monitoring.metrics import MINUTE
from infra_cdk.nag import accept
from infra_cdk.outputs import pascal

WORSE_POINTS = 0.5
"""Percentage points by which the new version's failure rate may exceed TOLERANCE times the other's.
"""
TOLERANCE = 2
"""A provider's outage fails crawls of both versions; by chance, not of both alike."""
FEWEST = 3
"""Failures in a period below which a rate means nothing."""
ONCE_A_MINUTE = ("dispatch",)
"""Half of the invocations for ten minutes, judged together; a tenth would be none."""

POLICY = "service-role/AWSCodeDeployRoleForLambdaLimited"


def canaries(scope: Construct, functions: Mapping[str, Function], alarms: Alarms) -> None:
    """Canaries of every function that is called by its alias."""
    application = codedeploy.LambdaApplication(scope, "Releases")
    slow = codedeploy.LambdaDeploymentConfig(
        scope,
        "HalfForTenMinutes",
        traffic_routing=codedeploy.TimeBasedCanaryTrafficRouting(
            interval=Duration.minutes(10), percentage=50
        ),
    )
    role = _role(scope)
    for name, function in functions.items():
        if function.entry is function:
            continue
        rare = name in ONCE_A_MINUTE
        codedeploy.LambdaDeploymentGroup(
            scope,
            f"Canary{pascal(name)}",
            application=application,
            alias=cast(lambda_.Alias, function.entry),
            role=role,
            deployment_config=slow
            if rare
            else codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
            alarms=_alarms(name, function, alarms, rare=rare),
        )


def _role(scope: Construct) -> iam.IRole:
    """One for all groups: a role for each would grow the stack towards its largest size."""
    role = iam.Role(
        scope,
        "CanaryRole",
        assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(POLICY)],
    )
    accept(
        role,
        f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{POLICY}]",
        "CodeDeploy's own policy for Lambda.",
    )
    return role.without_policy_updates()


def _alarms(
    name: str, function: Function, alarms: Alarms, *, rare: bool
) -> list[cloudwatch.IAlarm]:
    period = Duration.minutes(10) if rare else MINUTE
    version = function.current_version.version

    def of_lambda(metric: str, **dimensions: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Lambda",
            metric_name=metric,
            dimensions_map={
                "FunctionName": function.function_name,
                "Resource": f"{function.function_name}:{LIVE}",
                **dimensions,
            },
            statistic="Sum",
            period=period,
        )

    def of_ours(metric: str, **dimensions: str) -> cloudwatch.Metric:
        return alarms.metrics.of(metric, service=name, period=period, **dimensions)

    def pair(total: str, metric: str) -> dict[str, cloudwatch.IMetric]:
        """Of the new version, and of both together."""
        return {
            f"new{total}": of_ours(metric, version=version),
            f"all{total}": of_ours(metric),
        }

    new = {"ExecutedVersion": version}
    called = {"new": of_lambda("Invocations", **new), "all": of_lambda("Invocations")}
    crashed = {"new_bad": of_lambda("Errors", **new), "all_bad": of_lambda("Errors")}
    judged: dict[str, dict[str, cloudwatch.IMetric]] = {"Crashes": {**called, **crashed}}
    if SPECS[name].behind_api:
        # Handlers turn all errors into 503, so that Lambda counts only crashes and timeouts.
        judged["Failures"] = {**called, **pair("_bad", "ServerErrors")}
    elif not rare:
        judged["Failures"] = {**pair("", "Handled"), **pair("_bad", "Failed")}
    return [
        alarms.watch(
            f"{pascal(name)}Canary{what}",
            worse(metrics, period, fewest=1 if rare else FEWEST),
            reaches=WORSE_POINTS,
            says=f"Rolls a new version of {name} back",
        )
        for what, metrics in judged.items()
    ]


def worse(
    metrics: Mapping[str, cloudwatch.IMetric], period: Duration, *, fewest: int
) -> cloudwatch.MathExpression:
    """Percentage points that the new version's failure rate is above TOLERANCE times the other's.

    `metrics` are `new` and `all` (calls), and `new_bad` and `all_bad` (failures).
    """
    bad, called = "FILL(new_bad, 0)", "FILL(new, 0)"
    other_bad, other = f"(FILL(all_bad, 0) - {bad})", f"(FILL(all, 0) - {called})"
    enough = f"{bad} >= {fewest} AND {called} > 0"
    rate = f"100 * {bad} / {called}"
    other_rate = f"IF({other} > 0, 100 * {other_bad} / {other}, 0)"
    return cloudwatch.MathExpression(
        expression=f"IF({enough}, {rate} - {TOLERANCE} * {other_rate}, 0)",
        using_metrics=dict(metrics),
        period=period,
        label="percentage points worse than the version beside it",
    )
