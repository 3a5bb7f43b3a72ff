"""Log groups with the stage's retention, deleted with the stack."""

from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra_cdk.config import Stage

RETENTION: Mapping[int, logs.RetentionDays] = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


def log_group(
    scope: Construct,
    construct: str,
    stage: Stage,
    *,
    name: str | None = None,
    rarely_read: bool = False,
) -> logs.LogGroup:
    """CloudFormation generates the name if `name` is missing. One that is `rarely_read` costs half,
    and can only be queried: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html.
    """
    return logs.LogGroup(
        scope,
        construct,
        log_group_name=name,
        retention=RETENTION[stage.log_retention_days],
        removal_policy=RemovalPolicy.DESTROY,
        log_group_class=logs.LogGroupClass.INFREQUENT_ACCESS if rarely_read else None,
    )
