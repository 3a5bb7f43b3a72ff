"""The construct for every Lambda function of the service."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import Duration, IgnoreMode
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.config import Deployment
from infra_cdk.functions.declarations import Spec
from infra_cdk.functions.layers import ROOT, Layers
from infra_cdk.monitoring.alarms import Alarms
from infra_cdk.monitoring.logs import log_group
from infra_cdk.nag import accept

LIVE = "live"
LOCAL_SECONDS = 30


class Function(lambda_.Function):
    """`functions/<name>` with its layers, role, logs, traces and alarms.

    `entry` is what an API calls or an event triggers: on AWS, the alias whose traffic a canary
    shifts, if the function has one.
    """

    entry: lambda_.IFunction

    def __init__(
        self,
        scope: Construct,
        name: str,
        spec: Spec,
        *,
        deployment: Deployment,
        layers: Layers,
        environment: Mapping[str, str],
        alarms: Alarms,
    ) -> None:
        snap_start = spec.behind_api and not deployment.local
        lines = log_group(scope, f"Logs{outputs.pascal(name)}", deployment.stage)
        super().__init__(
            scope,
            outputs.function(name),
            description=f"TopK {deployment.name}: {name}",
            runtime=layers.platform.runtime,
            architecture=layers.platform.architecture,
            code=code(name),
            handler=f"functions.{name}.handler.lambda_handler",
            layers=[layers.core, layers.declared, layers.dependencies[spec.layer]],
            timeout=Duration.seconds(timeout(spec, local=deployment.local)),
            memory_size=spec.megabytes,
            reserved_concurrent_executions=deployment.reserved_concurrency.get(name),
            environment=dict(environment),
            role=_role(scope, name, lines),
            log_group=lines,
            tracing=lambda_.Tracing.ACTIVE if spec.is_traced else lambda_.Tracing.PASS_THROUGH,
            **_logging(deployment),
            # https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
            recursive_loop=lambda_.RecursiveLoop.ALLOW if spec.queues_itself else None,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
        )
        versioned = spec.has_canary and not deployment.local
        self.entry = self.add_alias(LIVE) if versioned else self
        if snap_start:
            accept(
                self,
                "@aws-cdk/aws-lambda:snapStartRequirePublish",
                "Every deployment publishes a version: the alias points to it.",
            )
        accept(
            self,
            "AwsSolutions-L1",
            "Python 3.13 is what the dependency layers are locked and built for.",
        )
        alarms.when(
            f"{outputs.pascal(name)}Errors",
            self.metric_errors(period=Duration.minutes(5)),
            reaches=1,
            says=f"{name} fails",
            runbook="function-errors",
        )


def _logging(deployment: Deployment) -> dict[str, Any]:
    """On AWS, the platform reports only what went wrong. It would otherwise write three lines for
    each invocation, which say what metrics say too.
    """
    if deployment.local:
        return {}
    return {
        "logging_format": lambda_.LoggingFormat.JSON,
        "application_log_level_v2": lambda_.ApplicationLogLevel.INFO,
        "system_log_level_v2": lambda_.SystemLogLevel.WARN,
    }


def code(name: str, root: Path = ROOT) -> lambda_.AssetCode:
    """Only `functions/__init__.py` and the modules, JSON and fonts of `functions/<name>`."""
    return lambda_.Code.from_asset(
        str(root),
        ignore_mode=IgnoreMode.GIT,
        exclude=[
            "*",
            "!functions",
            "!functions/__init__.py",
            f"!functions/{name}",
            f"!functions/{name}/**/",
            f"!functions/{name}/**/*.py",
            f"!functions/{name}/**/*.json",
            f"!functions/{name}/fonts/*",
        ],
    )


def timeout(spec: Spec, *, local: bool) -> int:
    """Timeout in seconds. Short on the local target, so that messages of a killed function return
    soon.
    """
    return min(spec.seconds, LOCAL_SECONDS) if local else spec.seconds


def _role(scope: Construct, name: str, lines: logs.LogGroup) -> iam.Role:
    # CDK's default role may write to every log group of the account.
    role = iam.Role(
        scope,
        f"Role{outputs.pascal(name)}",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
    )
    lines.grant_write(role)
    accept(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        "X-Ray's actions and dynamodb:ListStreams, both granted by CDK, know no narrower resource.",
    )
    return role
