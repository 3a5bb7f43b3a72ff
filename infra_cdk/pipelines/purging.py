"""The weekly purge of the archive: a schedule, a queue and its function."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.functions.declarations import SPECS
from infra_cdk.functions.function import Function, timeout
from infra_cdk.monitoring.alarms import Alarms
from infra_cdk.pipelines.queues import LONGEST_RETENTION_DAYS, dead_letters, feed, hidden_for

EVERY = Duration.days(7)
RECEIVES = 10
# Ten days of files at once: 400 days of the largest tenant in two days.
CONCURRENCY = 10


class PurgeSchedule(Construct):
    """In the stack of the rule, because the queue's policy names it. The next pass repeats what is
    lost: marks stay until a pass is complete.
    """

    queue: sqs.Queue
    dead_letters: sqs.Queue

    def __init__(self, scope: Construct, *, local: bool) -> None:
        super().__init__(scope, "Purge")
        removal = RemovalPolicy.DESTROY
        self.dead_letters = dead_letters(
            self, outputs.PURGE_DEAD_LETTERS, local=local, removal=removal
        )
        self.queue = sqs.Queue(
            scope,
            outputs.PURGE_QUEUE,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not local,
            visibility_timeout=hidden_for(timeout(SPECS["purge"], local=local), local=local),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=RECEIVES
            ),
            retention_period=Duration.days(LONGEST_RETENTION_DAYS),
            removal_policy=removal,
        )
        self.rule = events.Rule(self, "Weekly", schedule=events.Schedule.rate(EVERY))
        began = events.RuleTargetInput.from_object({"began": events.EventField.time})
        self.rule.add_target(
            targets.SqsQueue(self.queue, message=began, dead_letter_queue=self.dead_letters)
        )

    def feed(self, purge: Function, *, alarms: Alarms, local: bool) -> None:
        """Sends each piece of a pass to `purge`, which queues further pieces."""
        feed(purge, self.queue, batch_size=1, max_concurrency=2 if local else CONCURRENCY)
        purge.add_environment("PURGE_QUEUE_URL", self.queue.queue_url)
        purge.add_to_role_policy(
            iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.queue.queue_arn])
        )
        alarms.when_filled(
            outputs.PURGE_DEAD_LETTERS, self.dead_letters, runbook="purge-dead-letters"
        )
