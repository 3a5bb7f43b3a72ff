"""The schedule: dispatch runs every minute."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.functions.function import Function
from infra_cdk.monitoring.alarms import Alarms
from infra_cdk.pipelines.queues import dead_letters

# The next run catches up, so an old event has no value.
WORTH_RUNNING = Duration.minutes(5)
RETRIES = 2
BEHIND = Duration.minutes(30)


class MinuteSchedule(Construct):
    """Runs `dispatch` every minute. A failed tick is kept with its reason."""

    rule: events.Rule
    dead_letters: sqs.Queue

    def __init__(
        self, scope: Construct, dispatch: Function, *, alarms: Alarms, local: bool
    ) -> None:
        super().__init__(scope, "Schedule")
        # In the stack of the rule, because its policy names the rule.
        self.dead_letters = dead_letters(
            self, outputs.SCHEDULE_DEAD_LETTERS, local=local, removal=RemovalPolicy.DESTROY
        )
        self.rule = events.Rule(self, "Minute", schedule=events.Schedule.rate(Duration.minutes(1)))
        # The target's limits apply until Lambda accepts the event, then the function's own.
        self.rule.add_target(
            targets.LambdaFunction(
                dispatch.entry,
                dead_letter_queue=self.dead_letters,
                max_event_age=WORTH_RUNNING,
                retry_attempts=RETRIES,
            )
        )
        dispatch.entry.configure_async_invoke(
            on_failure=destinations.SqsDestination(self.dead_letters),
            max_event_age=WORTH_RUNNING,
            retry_attempts=RETRIES,
        )
        alarms.when_filled(
            "ScheduleDeadLetters", self.dead_letters, runbook="schedule-dead-letters"
        )
        alarms.when_silent(
            "DispatchSilent",
            dispatch.metric_invocations(period=Duration.minutes(5), statistic="Sum"),
            says="No tick has come for a quarter of an hour: nothing is crawled",
            runbook="dispatch-silent",
        )
        alarms.when(
            "DispatchBehind",
            alarms.metrics.of(
                "DispatchBehind",
                service="dispatch",
                statistic="Maximum",
                period=Duration.minutes(5),
            ),
            reaches=BEHIND.to_seconds(),
            periods=3,
            says="Due crawls are queued more than half an hour late",
            runbook="dispatch-behind",
        )
