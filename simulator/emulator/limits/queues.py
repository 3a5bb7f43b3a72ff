"""Fixes of SQS.

Limits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

from collections.abc import Mapping
from typing import Any

from simulator.clock import wall_clock
from simulator.emulator.limits.refusals import Members, Refusal
from simulator.emulator.splice import Part, around, emulated, part

MESSAGE_BYTES = 1024 * 1024
DELAY_SECONDS, VISIBILITY_SECONDS, WAIT_SECONDS = 900, 43_200, 20
ATTRIBUTES = 10
IN_FLIGHT = 120_000


def measure_attributes() -> None:
    """Fault: a message's attributes do not count as part of its size, and there may be any number.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
    """
    _refuse("_act_send_message", _large_message)


def refuse_times_out_of_range() -> None:
    """Fault: a message's delay, visibility timeout and a receiver's wait are unlimited.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
    """
    _refuse("_act_send_message", lambda data: _out_of(data, "DelaySeconds", DELAY_SECONDS))
    _refuse(
        "_act_change_visibility",
        lambda data: _out_of(data, "VisibilityTimeout", VISIBILITY_SECONDS),
    )
    _refuse(
        "_act_receive_message",
        lambda data: (
            _out_of(data, "VisibilityTimeout", VISIBILITY_SECONDS)
            or _out_of(data, "WaitTimeSeconds", WAIT_SECONDS)
        ),
    )


def limit_messages_in_flight() -> None:
    """Fault: any number of messages may be in flight.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
    """
    queues = emulated("services.sqs")

    def check(data: Members) -> Refusal | None:
        url = data.get("QueueUrl", "")
        queue = part(queues, "_get_q")(url)
        return too_many_in_flight(queue["messages"], now=wall_clock())

    _refuse("_act_receive_message", check)


def too_many_in_flight(messages: Any, *, now: float) -> Refusal | None:
    """`messages` are a queue's records; those received before and still hidden are in flight."""
    if len(messages) < IN_FLIGHT:
        return None
    hidden = sum(1 for one in messages if one["receive_count"] and one["visible_at"] > now)
    return Refusal("OverLimit", "Too many messages in flight", 403) if hidden >= IN_FLIGHT else None


def _refuse(action: str, check: Any) -> None:
    queues = emulated("services.sqs")

    def call(original: Part, data: Members, url: str) -> Any:
        refusal = check({"QueueUrl": url, **data})
        if refusal:
            error = part(queues, "_Err")
            raise error(refusal.code, refusal.message, refusal.status)
        return original(data, url)

    public = {original: name for name, original in part(queues, "_HANDLERS").items()}
    name = public[part(queues, action)]
    around(queues, action, call)
    # Batches call the function; a request goes through this table.
    part(queues, "_HANDLERS")[name] = part(queues, action)


def _large_message(data: Members) -> Refusal | None:
    attributes: Mapping[str, Mapping[str, Any]] = data.get("MessageAttributes") or {}
    if len(attributes) > ATTRIBUTES:
        return Refusal(
            "InvalidParameterValue",
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum "
            f"[{ATTRIBUTES}].",
        )
    parts = [data.get("MessageBody") or "", *attributes]
    for one in attributes.values():
        parts += [str(one.get(name) or "") for name in ("DataType", "StringValue", "BinaryValue")]
    if sum(len(one.encode()) for one in parts) <= MESSAGE_BYTES:
        return None
    return Refusal(
        "InvalidParameterValue",
        "One or more parameters are invalid. Reason: Message must be shorter than "
        f"{MESSAGE_BYTES} bytes.",
    )


def _out_of(data: Members, name: str, most: int) -> Refusal | None:
    value = data.get(name)
    if value is None or 0 <= int(value) <= most:
        return None
    return Refusal(
        "InvalidParameterValue",
        f"Value {value} for parameter {name} is invalid. Reason: Must be between 0 and {most}, "
        "if provided.",
    )
