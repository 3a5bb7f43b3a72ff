"""Fixes of the sizes of what goes into a function and comes out.

Limits: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import json
from collections.abc import Mapping
from typing import Any

from simulator.emulator.limits.refusals import Refusal
from simulator.emulator.splice import Part, around, emulated

REQUEST_BYTES = 6 * 1024 * 1024
# https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb
EVENT_BYTES = 1024 * 1024
# Lambda's own message says 6 MB and 100 bytes.
RESPONSE_BYTES = REQUEST_BYTES + 100


def refuse_large_requests() -> None:
    """Fault: a function can be invoked with a payload of any size.

    AWS takes 6 MB for a synchronous and 1 MB for an asynchronous invocation. The code is that of
    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html; clients have also seen
    RequestEntityTooLargeException. Messages:
    https://github.com/JupiterOne/sdk/issues/565, https://github.com/ASFHyP3/hyp3/issues/2241
    """

    async def invoke(
        original: Part, name: str, event: Any, headers: Mapping[str, str], *args: Any, **kwargs: Any
    ) -> Any:
        is_event = headers.get("x-amz-invocation-type") == "Event"
        refusal = _too_large(size(event), is_event=is_event)
        if refusal:
            return refusal.answer
        return await original(name, event, headers, *args, **kwargs)

    around(emulated("services.lambda_svc"), "_invoke", invoke)


def refuse_large_responses() -> None:
    """Fault: a function can return any size.

    Error: https://github.com/DataBiosphere/azul/issues/7466
    """

    def execute(original: Part, function: Any, event: Any) -> Any:
        outcome = original(function, event)
        if outcome.get("error") or size(outcome.get("body")) <= RESPONSE_BYTES:
            return outcome
        reason = (
            f"Response payload size exceeded maximum allowed payload size ({RESPONSE_BYTES} bytes)."
        )
        return {
            "body": {"errorMessage": reason, "errorType": "Function.ResponseSizeTooLarge"},
            "error": True,
            "function_error": "Unhandled",
            "log": outcome.get("log", ""),
        }

    around(emulated("services.lambda_svc"), "_execute_function", execute)


def _too_large(measured: int, *, is_event: bool) -> Refusal | None:
    if measured <= (EVENT_BYTES if is_event else REQUEST_BYTES):
        return None
    message = (
        f"{measured} byte payload is too large for the Event invocation type "
        f"(limit {EVENT_BYTES} bytes)"
        if is_event
        else f"Request must be smaller than {REQUEST_BYTES} bytes for the InvokeFunction operation"
    )
    return Refusal("RequestTooLargeException", message, 413)


def size(payload: Any) -> int:
    """Bytes of `payload` as JSON."""
    if isinstance(payload, bytes):
        return len(payload)
    return len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode())
