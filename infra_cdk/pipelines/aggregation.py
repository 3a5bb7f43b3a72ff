"""The stream of Plays triggers the aggregate function."""

from collections.abc import Mapping
from string import digits

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs

from infra_cdk.functions.function import Function
from infra_cdk.monitoring.alarms import Alarms

BATCH = 100
# At full scale a shard brings some two chunks a second, half of them to each of its batches: some
# forty owners, who share the cost of an invocation and of what is read for all of them. What a
# player pushes song by song within a minute makes one list.
WINDOW_SECONDS = 60
LOCAL_WINDOW_SECONDS = 1
# A table's outage outlasts any number of retries, and the function itself gives up single owners.
# The stream keeps records for 24 h: those behind a failing batch must not expire too.
TRIED_FOR = Duration.hours(6)
PARALLEL_BATCHES_PER_SHARD = 2
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
    """Sends new chunks and markers of `plays` to `aggregate`, and the expiry of the marker of
    compacted chunks. Other expiries and erasure need no new list.
    """
    aggregate.entry.add_event_source(
        sources.DynamoEventSource(
            plays,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=BATCH,
            # On AWS, chunks of one owner in the same batch are ranked once.
            max_batching_window=Duration.seconds(LOCAL_WINDOW_SECONDS if local else WINDOW_SECONDS),
            parallelization_factor=1 if local else PARALLEL_BATCHES_PER_SHARD,
            filters=[new_plays(), _silence()],
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            max_record_age=TRIED_FOR,
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


def new_plays() -> Mapping[str, object]:
    """Chunks, whose keys begin with a time, and markers; not compacted chunks and their marker."""
    times = [*digits, *(f"~{digit}" for digit in digits)]
    begins = [{"prefix": one} for one in (*times, "~c", "~h")]
    return lambda_.FilterCriteria.filter(
        {"eventName": ["INSERT"], "dynamodb": {"Keys": {"chunk": {"S": begins}}}}
    )


def _silence() -> Mapping[str, object]:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html"""
    return lambda_.FilterCriteria.filter(
        {
            "eventName": ["REMOVE"],
            "userIdentity": {"principalId": ["dynamodb.amazonaws.com"]},
            "dynamodb": {"Keys": {"chunk": {"S": ["~k"]}}},
        }
    )
