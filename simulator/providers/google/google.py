"""Error responses of Google's APIs."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from simulator.answers import Json

SERVICE = "dataportability.googleapis.com"


def unauthenticated() -> Response:
    message = "Request had invalid authentication credentials."
    return refused(401, "UNAUTHENTICATED", message)


def refused(
    code: int,
    status: str,
    message: str,
    reason: str = "",
    metadata: Mapping[str, str] | None = None,
    domain: str = SERVICE,
) -> Response:
    """https://cloud.google.com/apis/design/errors; `reason` and `metadata` are an ErrorInfo's."""
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        info = {"@type": kind, "reason": reason, "domain": domain, "metadata": metadata or {}}
        error["details"] = [info]
    return Json({"error": error}, status_code=code)


def too_many(wait: int) -> Response:
    answer = refused(
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for quota metric 'Requests'",
        "RATE_LIMIT_EXCEEDED",
        {"service": SERVICE},
        domain="googleapis.com",
    )
    answer.headers["Retry-After"] = str(wait)
    return answer


TOO_MANY = (too_many,)
