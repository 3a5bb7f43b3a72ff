"""The error tree.

TopkError
├── InvalidRequestError      invalid input; names the field
├── TokenError               the token identifies no user or does not allow the call
├── LimitReachedError        the user has as many of something as allowed
├── TooSoonError             requested too often; has the time to wait
├── NotVisibleError          does not exist or may not be seen: deliberately the same
├── HandshakeError           an OAuth `state` that is missing, forged, expired or used
├── SignatureError           a push whose signature is missing, invalid or expired
├── MalformedMessageError    a queue message or event that cannot be read
├── ConflictError            another writer was first
├── SealError                a sealed grant cannot be opened for this owner and provider
├── OverBudgetError          one user's data costs too much to process
├── StoreError               a read or write failed; retry
├── UnexpectedError          an internal error while processing one item
└── ProviderError            a music provider failed or refused
    ├── AccessExpiredError   the access token is no longer accepted; refresh and retry
    ├── ReauthRequiredError  the user has to consent again; retried only if not certain
    ├── RateLimitedError     retry after a number of seconds, within a scope
    ├── NotPermittedError    the provider refuses this app or user; never retried
    ├── TransientError       time-out, reset, 5xx: retry later
    └── BadPayloadError      a response that cannot be read
"""

import traceback
from pathlib import PurePath
from typing import Literal

Scope = Literal["user", "app"]
"""Who is refused: one user's account, or all that are asked for with our app."""


class TopkError(Exception):
    """The root of the tree. Messages never carry tokens, bodies or personal data."""


class InvalidRequestError(TopkError):
    """The caller sent an invalid value in `field`."""

    def __init__(self, field: str, detail: str, *, status: int = 400) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail
        self.status = status


class TokenError(TopkError):
    """The token identifies no user of this tenant (401) or does not allow the call (403)."""

    def __init__(self, detail: str, *, status: Literal[401, 403] = 401) -> None:
        super().__init__(f"token: {detail}")
        self.field = "token"
        self.detail = detail
        self.status = status


class LimitReachedError(TopkError):
    """The user has `most` of `field` already."""

    status = 409

    def __init__(self, field: str, most: int) -> None:
        super().__init__(f"{field}: at most {most}")
        self.field = field
        self.detail = f"at most {most}"


class TooSoonError(TopkError):
    """Requested too often; retry after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class NotVisibleError(TopkError):
    """The resource does not exist, or the viewer may not see it."""


class HandshakeError(TopkError):
    """The OAuth `state` is missing, forged, expired or already used."""


class SignatureError(TopkError):
    """The signature of a push is missing, invalid or expired. The caller learns no more."""


class MalformedMessageError(TopkError):
    """A message that no retry can make readable."""


class ConflictError(TopkError):
    """Another writer was first."""


class SealError(TopkError):
    """A sealed grant does not open for this owner and provider."""


class StoreError(TopkError):
    """The storage failed; the same call may succeed later."""


class OverBudgetError(TopkError):
    """What one user brought costs more to work on than a user may; no retry helps."""


class UnexpectedError(TopkError):
    """An internal error, named by type and location: its message may quote user input."""


class ProviderError(TopkError):
    """A music provider failed or refused."""


class AccessExpiredError(ProviderError):
    """The access token is no longer accepted; refresh it and retry once."""


class ReauthRequiredError(ProviderError):
    """The provider no longer lets us read this account; `reason` is a short code such as
    `invalid_grant`.

    `certain` is False where providers have been seen to give this answer by mistake, such as a 404
    during an outage. Such a refusal ends a connection only when it is repeated for hours.
    """

    def __init__(self, reason: str, *, certain: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.certain = certain


class RateLimitedError(ProviderError):
    """Retry after `retry_after` seconds; `scope` is what is limited."""

    def __init__(self, retry_after: int, scope: Scope = "app") -> None:
        super().__init__(f"{scope} limited for {retry_after} s")
        self.retry_after = retry_after
        self.scope = scope


class NotPermittedError(ProviderError):
    """The provider refuses this app or user."""


class TransientError(ProviderError):
    """A temporary failure of the provider."""


class BadPayloadError(ProviderError):
    """The provider's response cannot be read."""


def place_of(error: BaseException) -> str:
    """Type and location of `error` without its message: `KeyError at crawl.py:42`."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
