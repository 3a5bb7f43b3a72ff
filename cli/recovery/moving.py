"""Moves dead letters back to their queue."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

BATCH = 10
HELD_SECONDS = 60
"""Visibility timeout of a message during a move; after an interruption it reappears."""
# An endpoint that does not know the call, and SQS for a queue no other one names as its own.
NOT_OFFERED = frozenset(
    {"InvalidAction", "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation",
     "InvalidParameterValue", "UnknownOperationException"}
)  # fmt: skip


def count(sqs: Any, url: str) -> int:
    """The approximate number of messages in the queue at `url`."""
    name = "ApproximateNumberOfMessages"
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"]
    return int(told[name])


def begin_own_task(sqs: Any, source: str, target: str) -> str | None:
    """Starts a move task of SQS; None if the endpoint does not support that.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
    """
    try:
        task = sqs.start_message_move_task(
            SourceArn=_arn(sqs, source), DestinationArn=_arn(sqs, target)
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in NOT_OFFERED:
            return None
        raise
    return str(task["TaskHandle"])


def move(sqs: Any, source: str, target: str, *, moved: Callable[[int], None]) -> int:
    """Moves every visible message of `source`; calls `moved` with the size of each batch.

    Each message is sent before it is deleted, so an interruption may duplicate but never lose one.
    A duplicate crawl returns the same plays.
    """
    done = 0
    while found := _received(sqs, source):
        sent = _send(sqs, target, found)
        for message in sent:
            sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
        done += len(sent)
        moved(len(sent))
        if len(sent) < len(found):
            break
    return done


def _received(sqs: Any, url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=BATCH,
        VisibilityTimeout=HELD_SECONDS,
        MessageAttributeNames=["All"],
        AttributeNames=["MessageGroupId"],
    ).get("Messages", [])
    return found


def _send(sqs: Any, url: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sends the messages to `url`, and returns those that were accepted."""
    entries = [_entry(at, message) for at, message in enumerate(messages)]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    refused = {int(one["Id"]) for one in answer.get("Failed", [])}
    return [message for at, message in enumerate(messages) if at not in refused]


def _entry(at: int, message: Mapping[str, Any]) -> dict[str, Any]:
    """The message without its failure reason."""
    return {"Id": str(at), "MessageBody": message["Body"], **dict(_group(message))}


def _group(message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if group := message.get("Attributes", {}).get("MessageGroupId"):
        yield "MessageGroupId", group


def _arn(sqs: Any, url: str) -> str:
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return str(told["QueueArn"])
