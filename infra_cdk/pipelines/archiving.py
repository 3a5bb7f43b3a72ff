"""The stream of Plays triggers the archive function.

A stream shard supports two consumers; aggregate is the other one.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs

from infra_cdk.functions.function import Function
from infra_cdk.monitoring.alarms import Alarms
from infra_cdk.pipelines.aggregation import new_plays

BATCH = 10_000
# The stream keeps records for 24 h: batches behind a failing one must not expire too.
TRIED_FOR = Duration.hours(6)
LATE_MINUTES = 60


def archive_from(
    archive: Function,
    plays: dynamodb.ITable,
    *,
    window_seconds: int,
    dead_letters: sqs.Queue,
    alarms: Alarms,
) -> None:
    """Sends new chunks and deletions to `archive`, in batches as large as possible.

    Without bisection and partial failures: a file is named by the first record of its batch, and
    unreadable rows fail no batch. Only S3 or the table can fail.
    """
    archive.add_event_source(
        sources.DynamoEventSource(
            plays,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=BATCH,
            max_batching_window=Duration.seconds(window_seconds),
            filters=[new_plays()],
            max_record_age=TRIED_FOR,
            on_failure=sources.SqsDlq(dead_letters),
        )
    )
    alarms.when(
        "ArchiveBehind",
        archive.metric("IteratorAge", statistic="Maximum", period=Duration.minutes(5)),
        reaches=Duration.minutes(LATE_MINUTES).to_milliseconds(),
        says=f"The archive is more than {LATE_MINUTES} minutes behind the plays",
        runbook="archive-behind",
    )
