"""Events for tenants: a bus for each tenant with events, and the stream of TopLists that triggers
the announce function. Without such a tenant nothing is created.
"""

from collections.abc import Iterable, Mapping

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.functions.function import Function
from infra_cdk.monitoring.alarms import Alarms
from infra_cdk.pipelines.aggregation import BATCH, LATE_MINUTES

WINDOW_SECONDS = 30
LIST_WINDOW = "7d"
"""Of lists, as `topk.stores.tables.top_lists` writes them."""


def event_buses(scope: Construct, names: Mapping[str, str]) -> dict[str, events.EventBus]:
    """Event buses by tenant, so that one tenant sees nothing of another."""
    return {
        tenant: events.EventBus(scope, outputs.event_bus(tenant), event_bus_name=name)
        for tenant, name in names.items()
    }


def announce_from(
    announce: Function,
    top_lists: dynamodb.ITable,
    *,
    tenants: Iterable[str],
    dead_letters: sqs.Queue,
    alarms: Alarms,
    local: bool,
) -> None:
    """Sends every written list of `tenants` to `announce`. Erasures send their own event.

    Retried until the stream's records expire, because nothing else repeats the event.
    """
    announce.add_event_source(
        sources.DynamoEventSource(
            top_lists,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=BATCH,
            max_batching_window=Duration.seconds(0 if local else WINDOW_SECONDS),
            filters=[_written_of(tenants)],
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            on_failure=sources.SqsDlq(dead_letters),
        )
    )
    alarms.when(
        "AnnounceBehind",
        announce.metric("IteratorAge", statistic="Maximum", period=Duration.minutes(5)),
        reaches=Duration.minutes(LATE_MINUTES).to_milliseconds(),
        says=f"Tenants' events are more than {LATE_MINUTES} minutes behind the lists",
        runbook="events-behind",
    )


def _written_of(tenants: Iterable[str]) -> Mapping[str, object]:
    return lambda_.FilterCriteria.filter(
        {
            "eventName": lambda_.FilterRule.or_("INSERT", "MODIFY"),
            "dynamodb": {
                "Keys": {
                    "owner": {"S": [{"prefix": f"{one}#"} for one in tenants]},
                    # Not the orders of feeds, which are beside the lists.
                    "window": {"S": lambda_.FilterRule.is_equal(LIST_WINDOW)},
                }
            },
        }
    )
