"""Alarms."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk.monitoring.metrics import Metrics


def told(says: str, runbook: str) -> str:
    """An alarm's description: what is wrong, and the runbook."""
    return f"{says}. Runbook: docs/runbooks/{runbook}.md"


def alarm_topic(scope: Construct, *, mail: str | None, local: bool) -> sns.Topic:
    """The topic of every alarm of a stage, with `mail` subscribed to it."""
    # Unencrypted at rest: CloudWatch cannot publish with SNS's own key, and alarms contain only
    # metric names.
    topic = sns.Topic(scope, "AlarmTopic", enforce_ssl=not local)
    # The TLS policy replaces the default one that allowed the account.
    topic.grant_publish(
        iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
        )
    )
    if mail:
        topic.add_subscription(subscriptions.EmailSubscription(mail))
    return topic


class Alarms(Construct):
    """The alarms of a stack, on `topic`. `metrics` are the stage's own."""

    topic: sns.ITopic
    metrics: Metrics

    def __init__(self, scope: Construct, *, stage: str, topic: sns.ITopic) -> None:
        super().__init__(scope, "Alarms")
        self.topic, self.metrics = topic, Metrics(stage)
        self._action = actions.SnsAction(topic)

    def when(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        *,
        reaches: float,
        says: str,
        runbook: str,
        periods: int = 1,
    ) -> cloudwatch.Alarm:
        """Alarms when `metric` is at `reaches` or above for `periods` of its periods in a row."""
        alarm = self.watch(name, metric, reaches=reaches, says=told(says, runbook), periods=periods)
        alarm.add_alarm_action(self._action)
        return alarm

    def watch(
        self, name: str, metric: cloudwatch.IMetric, *, reaches: float, says: str, periods: int = 1
    ) -> cloudwatch.Alarm:
        """An alarm without notification: part of a composite, or a reason to roll back."""
        return cloudwatch.Alarm(
            self,
            name,
            metric=metric,
            threshold=reaches,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=says,
        )

    def when_all(
        self, name: str, parts: list[cloudwatch.Alarm], *, says: str, runbook: str
    ) -> None:
        """Alarms while all of `parts` alarm."""
        whole = cloudwatch.CompositeAlarm(
            self,
            name,
            alarm_rule=cloudwatch.AlarmRule.all_of(*parts),
            alarm_description=told(says, runbook),
        )
        whole.add_alarm_action(self._action)

    def when_silent(
        self, name: str, metric: cloudwatch.IMetric, *, says: str, runbook: str
    ) -> None:
        """Alarms when `metric` is below 1 or missing for three periods in a row."""
        alarm = cloudwatch.Alarm(
            self,
            name,
            metric=metric,
            threshold=1,
            evaluation_periods=3,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
            alarm_description=told(says, runbook),
        )
        alarm.add_alarm_action(self._action)

    def when_filled(self, name: str, queue: sqs.Queue, *, runbook: str) -> None:
        """Alarms as long as anything is in a dead-letter queue."""
        self.when(
            name,
            queue.metric_approximate_number_of_messages_visible(
                period=Duration.minutes(1), statistic="Maximum"
            ),
            reaches=1,
            says="Something could not be done and waits in the dead-letter queue",
            runbook=runbook,
        )
