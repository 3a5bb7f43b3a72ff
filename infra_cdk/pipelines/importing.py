"""The queue of imports, its dead-letter queue, and the function that reads uploads."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.functions.declarations import SPECS
from infra_cdk.functions.function import Function, timeout
from infra_cdk.pipelines.queues import LONGEST_RETENTION_DAYS, dead_letters, feed, hidden_for

RECEIVES = 10
"""The function gives up an import before; what is left over cannot be read as a message."""
# Imports may wait; other traffic has priority.
CONCURRENCY = 5


def import_queue(
    scope: Construct, *, local: bool, removal: RemovalPolicy
) -> tuple[sqs.Queue, sqs.Queue]:
    """The queue of imports and its dead-letter queue."""
    given_up = dead_letters(scope, outputs.IMPORT_DEAD_LETTERS, local=local, removal=removal)
    queue = sqs.Queue(
        scope,
        outputs.IMPORT_QUEUE,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=not local,
        visibility_timeout=hidden_for(timeout(SPECS["imports"], local=local), local=local),
        dead_letter_queue=sqs.DeadLetterQueue(queue=given_up, max_receive_count=RECEIVES),
        retention_period=Duration.days(LONGEST_RETENTION_DAYS),
        removal_policy=removal,
    )
    return queue, given_up


def import_from(imports: Function, queue: sqs.Queue, *, local: bool) -> None:
    """Sends imports to the function, one for each invocation."""
    feed(imports, queue, batch_size=1, max_concurrency=2 if local else CONCURRENCY)
