"""New plays lead to new top lists: the stream of Plays in front of the aggregate function."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs

from infra_cdk.alarms import Alarms
from infra_cdk.function import Function

BATCH = 100
RETRIES = 10
PARALLEL_BATCHES_PER_SHARD = 10
# The stream itself forgets after 24 h.
LATE_MINUTES = 15


def aggregate_from(
    aggregate: Function,
    plays: dynamodb.ITable,
    *,
    dead_letters: sqs.Queue,
    alarms: Alarms,
    local: bool,
) -> None:
    """Feeds every new chunk of `plays` to `aggregate`; expiry and erasure need no new list here."""
    aggregate.add_event_source(
        sources.DynamoEventSource(
            plays,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=BATCH,
            # On AWS, chunks of one owner that arrive together are ranked once.
            max_batching_window=Duration.seconds(0 if local else 5),
            parallelization_factor=1 if local else PARALLEL_BATCHES_PER_SHARD,
            filters=[
                lambda_.FilterCriteria.filter({"eventName": lambda_.FilterRule.is_equal("INSERT")})
            ],
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=RETRIES,
            on_failure=sources.SqsDlq(dead_letters),
        )
    )
    alarms.when(
        "AggregateBehind",
        aggregate.metric("IteratorAge", statistic="Maximum", period=Duration.minutes(5)),
        reaches=Duration.minutes(LATE_MINUTES).to_milliseconds(),
        says=f"Top lists are more than {LATE_MINUTES} minutes behind the plays",
        runbook="lists-behind",
    )
