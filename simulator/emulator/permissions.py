"""Fix: the permission that a call needs."""

from typing import Any

from simulator.emulator.splice import Part, around, emulated


def allow_batches_by_their_single_action() -> None:
    """Fault: SendMessageBatch requires sqs:SendMessageBatch, a permission that does not exist.

    On AWS it requires sqs:SendMessage (docs: SQS API permissions reference).
    """

    def extract(original: Part, *args: Any, **kwargs: Any) -> Any:
        action = original(*args, **kwargs)
        if isinstance(action, str) and action.startswith("sqs:"):
            return action.removesuffix("Batch")
        return action

    around(emulated("core.iam_actions"), "extract_iam_action", extract)
