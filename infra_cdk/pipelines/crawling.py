"""A crawl queue for each provider, all of which trigger the crawl function."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.config import Deployment
from infra_cdk.functions.declarations import SPECS
from infra_cdk.functions.function import Function, timeout
from infra_cdk.monitoring.alarms import Alarms
from infra_cdk.pipelines.queues import LONGEST_RETENTION_DAYS, feed

LOCAL_BATCH, LOCAL_WINDOW_SECONDS = 10, 0
# A batch above 10 needs a window of at least a second; a crawl mostly waits for its provider, so
# one function carries many at once.
BATCH, WINDOW_SECONDS = 50, 1
RECEIVES_BEYOND_ATTEMPTS = 3
HIDDEN_SECONDS = 300
"""From the receipt of a batch until it returns if its function failed. Less than the six timeouts
that Lambda recommends for throttled functions: hidden messages are in flight, and a queue may have
120,000 of them. The functions' concurrency is limited, so that they are not throttled.
"""
LATE_HOURS = 2
UNREADABLE_PERCENT = 5


def queues(
    scope: Construct, deployment: Deployment, dead_letters: Mapping[str, sqs.Queue]
) -> dict[str, sqs.Queue]:
    """The crawl queues by provider.

    The function dead-letters a failing crawl itself, with the reason. The queue's own, higher limit
    is for messages that crash the function.
    """
    hidden = timeout(SPECS["crawl"], local=True) if deployment.local else HIDDEN_SECONDS
    return {
        provider: sqs.Queue(
            scope,
            outputs.queue(provider),
            # SQS's own key: no request to KMS for each crawl.
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not deployment.local,
            visibility_timeout=Duration.seconds(hidden),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=dead_letters[provider],
                max_receive_count=deployment.stage.max_attempts + RECEIVES_BEYOND_ATTEMPTS,
            ),
            # The default of four days would silently drop crawls that wait for a small budget.
            retention_period=Duration.days(LONGEST_RETENTION_DAYS),
            removal_policy=RemovalPolicy.DESTROY,
        )
        for provider in deployment.providers
    }


def crawl_from(crawl: Function, deployment: Deployment, queues: Mapping[str, sqs.Queue]) -> None:
    """Sends each queue's batches to `crawl`, with the provider's maximum concurrency."""
    local = deployment.local
    for provider, queue in queues.items():
        feed(
            crawl.entry,
            queue,
            batch_size=LOCAL_BATCH if local else BATCH,
            max_batching_window=Duration.seconds(LOCAL_WINDOW_SECONDS if local else WINDOW_SECONDS),
            max_concurrency=deployment.max_concurrency(provider),
            report_batch_item_failures=True,
        )


def watch_provider(alarms: Alarms, provider: str) -> None:
    """Alarms on open circuit breakers and on crawls that wait too long."""
    alarms.when(
        f"{outputs.pascal(provider)}Shut",
        alarms.metrics.of_provider("BreakerOpen", provider, period=Duration.minutes(5)),
        reaches=1,
        periods=3,
        says=f"{provider} limits or fails us as a whole: its crawls wait",
        runbook="provider-shut",
    )
    alarms.when(
        f"{outputs.pascal(provider)}QueueOld",
        alarms.metrics.of_provider("QueueAge", provider, period=Duration.minutes(5)),
        reaches=Duration.hours(LATE_HOURS).to_seconds(),
        periods=3,
        says=f"Crawls of {provider} are {LATE_HOURS} hours past their turn",
        runbook="queue-old",
    )


def watch_items(alarms: Alarms, provider: str) -> None:
    """An alarm on the share of items that cannot be read. The emulator has no metric math."""
    alarms.when(
        f"{outputs.pascal(provider)}Unreadable",
        alarms.metrics.unreadable(provider),
        reaches=UNREADABLE_PERCENT,
        periods=2,
        says=f"{UNREADABLE_PERCENT} % or more of what {provider} shows cannot be read",
        runbook="items-unreadable",
    )
