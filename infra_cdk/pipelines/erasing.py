"""The erasure queue, which no deployment may lose, and its function."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.functions.declarations import SPECS
from infra_cdk.functions.function import Function, timeout
from infra_cdk.pipelines.queues import LONGEST_RETENTION_DAYS, dead_letters, feed, hidden_for

RECEIVES = 100
"""One attempt every half hour, some delivered twice: an outage of a day dead-letters no erasure."""
# Erasures may wait; other traffic has priority.
CONCURRENCY = 5


def erasures(
    scope: Construct, *, local: bool, removal: RemovalPolicy
) -> tuple[sqs.Queue, sqs.Queue]:
    """The erasure queue and its dead-letter queue."""
    given_up = dead_letters(scope, outputs.ERASURE_DEAD_LETTERS, local=local, removal=removal)
    queue = sqs.Queue(
        scope,
        outputs.ERASURE_QUEUE,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=not local,
        visibility_timeout=hidden_for(timeout(SPECS["erase"], local=local), local=local),
        dead_letter_queue=sqs.DeadLetterQueue(queue=given_up, max_receive_count=RECEIVES),
        retention_period=Duration.days(LONGEST_RETENTION_DAYS),
        removal_policy=removal,
    )
    return queue, given_up


def erase_from(erase: Function, queue: sqs.Queue, *, local: bool) -> None:
    """Sends erasures to `erase`, one for each invocation."""
    feed(erase, queue, batch_size=1, max_concurrency=2 if local else CONCURRENCY)
