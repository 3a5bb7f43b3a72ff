"""Dead-letter queues: failed messages, with their reason, for an operator."""

from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk.nag import accept

LONGEST_RETENTION_DAYS = 14
# Lambda recommends six times the function's timeout, so that a throttled batch is not seen twice:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
VISIBILITY_TIMEOUTS = 6
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
POLLING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def hidden_for(seconds: int, *, local: bool) -> Duration:
    """Visibility timeout, by the timeout of the consuming function."""
    return Duration.seconds(seconds if local else VISIBILITY_TIMEOUTS * seconds)


def feed(function: lambda_.IFunction, queue: sqs.Queue, **batches: Any) -> None:
    """Makes `queue` trigger `function`; `batches` are options of `add_event_source_mapping`.

    Grants only what Lambda needs to poll; CDK's SqsEventSource would grant more.
    """
    name = f"From{queue.node.id}"
    function.add_event_source_mapping(name, event_source_arn=queue.queue_arn, **batches)
    queue.grant(function, *POLLING)


def dead_letters(scope: Construct, name: str, *, local: bool, removal: RemovalPolicy) -> sqs.Queue:
    """A dead-letter queue, without a consumer."""
    queue = sqs.Queue(
        scope,
        name,
        # SQS's own key: no request to KMS for each message.
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        # The emulator uses plain HTTP and would be refused.
        enforce_ssl=not local,
        retention_period=Duration.days(LONGEST_RETENTION_DAYS),
        removal_policy=removal,
    )
    accept(queue, "AwsSolutions-SQS3", "This is a dead-letter queue itself.")
    return queue
