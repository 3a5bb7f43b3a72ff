"""Mend of which permission a call needs."""

from typing import Any

from simulator.emulator.splice import Part, around, emulated


def allow_batches_by_their_single_action() -> None:
    """Fault: SendMessageBatch asks for sqs:SendMessageBatch, which is no permission. On AWS a batch
    of messages needs that of one message (docs: SQS API permissions reference).
    """

    def extract(original: Part, *args: Any, **kwargs: Any) -> Any:
        action = original(*args, **kwargs)
        if isinstance(action, str) and action.startswith("sqs:"):
            return action.removesuffix("Batch")
        return action

    around(emulated("core.iam_actions"), "extract_iam_action", extract)
