"""The archive fills itself: the stream of Plays in front of the archive function.

A shard of a table's stream is for two readers at most: aggregate is one, this is the other.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs

from infra_cdk.functions.function import Function
from infra_cdk.monitoring.alarms import Alarms

BATCH = 10_000
# The stream forgets after 24 h: what follows a batch that fails for hours must not be lost too.
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
    """Feeds new chunks and deletions to `archive`, in batches as large as may be.

    Neither halved nor reported in parts: a file is named by the first record of its batch, and what
    cannot be read fails no batch. What fails is S3, or the table.
    """
    archive.add_event_source(
        sources.DynamoEventSource(
            plays,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=BATCH,
            max_batching_window=Duration.seconds(window_seconds),
            filters=[
                lambda_.FilterCriteria.filter({"eventName": lambda_.FilterRule.is_equal("INSERT")})
            ],
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
