"""What the API answers for each error: the only place that knows HTTP statuses of errors.

Problem documents follow RFC 9457. A row applies to a class and to the classes below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from topk.domain.errors import (
    HandshakeError,
    InternalError,
    InvalidRequestError,
    LimitReachedError,
    NotAllowedError,
    NotVisibleError,
    ProviderError,
    RetryableError,
    ScopeError,
    SignatureError,
    TokenError,
    TooLargeError,
    TooSoonError,
    TopkError,
    UnknownProviderError,
)
from topk.runtime.observability import logger

TITLES: Mapping[int, str] = {
    400: "Invalid request",
    401: "Missing, invalid or expired credentials",
    403: "Access denied",
    404: "Not found",
    409: "Limit reached",
    413: "Request too large",
    429: "Too many requests",
    502: "The music provider did not respond",
    503: "Temporarily unavailable",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`kind` is the last part of the problem's type; empty for `about:blank`."""

    status: int
    kind: str

    @property
    def is_ours(self) -> bool:
        """Whether the service itself failed. 502 means that a music provider did."""
        return self.status in {500, 503}


UNEXPECTED = Problem(503, "")
"""An exception that is not in the error tree."""
PAST_THE_EDGE = Problem(403, "")
"""A request that the edge did not pass on."""

PROBLEMS: Mapping[type[TopkError], Problem] = {
    InvalidRequestError: Problem(400, "invalid-request"),
    TooLargeError: Problem(413, "invalid-request"),
    UnknownProviderError: Problem(404, "invalid-request"),
    TokenError: Problem(401, "token"),
    ScopeError: Problem(403, "token"),
    NotAllowedError: Problem(403, "not-allowed"),
    LimitReachedError: Problem(409, "limit-reached"),
    TooSoonError: Problem(429, "too-soon"),
    HandshakeError: Problem(400, "handshake"),
    SignatureError: Problem(401, "signature"),
    NotVisibleError: Problem(404, "not-visible"),
    ProviderError: Problem(502, "provider"),
    RetryableError: Problem(503, "unavailable"),
    InternalError: Problem(503, "unavailable"),
}


def problem_of(error: TopkError) -> Problem:
    rows = (PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)
    return next(rows, UNEXPECTED)


def document(problem: Problem, error: TopkError | None, request_id: str) -> dict[str, Any]:
    """The problem document. It names a field where the error does, and no other detail."""
    told: dict[str, Any] = {
        "type": f"urn:topk:problem:{problem.kind}" if problem.kind else "about:blank",
        "title": TITLES[problem.status],
        "status": problem.status,
        "instance": f"urn:topk:request:{request_id}",
    }
    if isinstance(error, InvalidRequestError | LimitReachedError | TokenError):
        told |= {"field": error.field, "detail": f"{error.field}: {error.detail}"}
    return told


def headers(error: TopkError | None) -> dict[str, str]:
    wait = {"retry-after": str(error.retry_after)} if isinstance(error, TooSoonError) else {}
    # RFC 6750, section 3
    scheme = type(error) is TokenError
    challenge = {"www-authenticate": "Bearer"} if scheme else {}
    return {"content-type": "application/problem+json", **wait, **challenge}


def log(error: TopkError, problem: Problem) -> None:
    """Log what an operator may have to act on. A provider's message may quote its response."""
    match error:
        case SignatureError():
            logger().warning("signature refused", extra={"reason": str(error)})
        case ProviderError():
            logger().warning("provider failed", extra={"reason": type(error).__name__})
        case _ if problem.is_ours:
            logger().error("failed", extra={"reason": str(error)})
