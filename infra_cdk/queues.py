"""Dead-letter queues: what could not be done waits here, with its reason, for a person."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk.nag import accept

LONGEST_RETENTION_DAYS = 14
# Lambda recommends six times the function's timeout, so that a throttled batch is not seen twice:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
VISIBILITY_TIMEOUTS = 6


def hidden_for(seconds: int, *, local: bool) -> Duration:
    """How long a received message stays hidden, by the timeout of the function that takes it."""
    return Duration.seconds(seconds if local else VISIBILITY_TIMEOUTS * seconds)


def dead_letters(scope: Construct, name: str, *, local: bool, removal: RemovalPolicy) -> sqs.Queue:
    """A queue that nothing consumes."""
    queue = sqs.Queue(
        scope,
        name,
        # SQS's own key: no request to KMS for each message.
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        # The emulator speaks plain HTTP and would be refused.
        enforce_ssl=not local,
        retention_period=Duration.days(LONGEST_RETENTION_DAYS),
        removal_policy=removal,
    )
    accept(queue, "AwsSolutions-SQS3", "This is a dead-letter queue itself.")
    return queue
