"""Fixes of event source mappings.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""

from typing import Any

from simulator.emulator.limits.invocations import REQUEST_BYTES
from simulator.emulator.limits.refusals import (
    Members,
    Refusal,
    constraint,
    refuse_calls,
    refuse_resources,
)
from simulator.emulator.splice import Part, around, emulated, part

MAPPING = "AWS::Lambda::EventSourceMapping"
BATCH, BATCH_WITHOUT_WINDOW, WINDOW_SECONDS = 10_000, 10, 300


def refuse_short_visibility() -> None:
    """Fault: a queue may show a message again while a function still works on it.

    Lambda refuses a queue whose visibility timeout is below the function's timeout. Message:
    https://github.com/github-aws-runners/terraform-aws-github-runner/issues/465
    """
    _refuse(_short_visibility)


def refuse_large_batches() -> None:
    """Fault: a mapping's batch and window may have any size.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
    """
    _refuse(_large_batch)


def end_batches_at_six_megabytes() -> None:
    """Fault: ten large messages come as one event, which is larger than a function may get.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    queues = emulated("services.sqs")

    def receive(original: Part, url: str, most: int) -> Any:
        received, total = original(url, most), 0
        for taken, message in enumerate(received):
            total += len(message["body"].encode())
            if total > REQUEST_BYTES:
                for one in received[taken:]:
                    one["visible_at"] = one["sent_at"]
                    one["receive_count"] -= 1
                return received[:taken]
        return received

    around(queues, "_receive_messages_for_esm", receive)


def _refuse(check: Any) -> None:
    refuse_calls("lambda_svc", "_create_esm", check)
    refuse_calls("lambda_svc", "_update_esm", check)
    refuse_resources(MAPPING, check)


def _short_visibility(mapping: Members) -> Refusal | None:
    functions = emulated("services.lambda_svc")
    queue = part(emulated("services.sqs"), "_queue_by_arn")(mapping.get("EventSourceArn", ""))
    name = part(functions, "_resolve_name")(mapping.get("FunctionName", ""))
    record = part(functions, "_functions").get(name)
    if not queue or not record:
        return None
    visible = int(queue["attributes"].get("VisibilityTimeout", "30"))
    timeout = int(record["config"]["Timeout"])
    if visible >= timeout:
        return None
    return Refusal(
        "InvalidParameterValueException",
        f"Queue visibility timeout: {visible} seconds is less than Function timeout: "
        f"{timeout} seconds",
    )


def _large_batch(mapping: Members) -> Refusal | None:
    size = int(mapping.get("BatchSize", 1))
    window = int(mapping.get("MaximumBatchingWindowInSeconds", 0))
    if size > BATCH:
        return constraint("batchSize", f"value less than or equal to {BATCH}")
    if window > WINDOW_SECONDS:
        member = "maximumBatchingWindowInSeconds"
        return constraint(member, f"value less than or equal to {WINDOW_SECONDS}")
    if size > BATCH_WITHOUT_WINDOW and not window and ":sqs:" in mapping.get("EventSourceArn", ""):
        return Refusal(
            "InvalidParameterValueException",
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is "
            f"greater than {BATCH_WITHOUT_WINDOW}",
        )
    return None
