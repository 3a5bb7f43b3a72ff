"""The error tree, in groups by who can do something about an error.

TopkError
├── ClientError              the caller has to change the request
│   ├── InvalidRequestError  an invalid value; names the field
│   │   ├── TooLargeError    more than a request may contain
│   │   └── UnknownProviderError  a provider that is not deployed or not offered
│   ├── TokenError           the token identifies no user of this tenant
│   │   └── ScopeError       the token does not allow the call
│   ├── NotAllowedError      the tenant's rules do not let its users do this
│   ├── LimitReachedError    the user has as many of something as allowed
│   ├── TooSoonError         requested too often; has the time to wait
│   ├── HandshakeError       an OAuth `state` that is missing, forged, expired or used
│   └── SignatureError       a push whose signature is missing, invalid or expired
├── NotVisibleError          does not exist or may not be seen: deliberately the same
├── RetryableError           the same call may succeed later
│   ├── ConflictError        another writer was first
│   └── StoreError           a read or write failed
├── InternalError            a defect, or stored data that cannot be used; needs a person
│   ├── MalformedMessageError  a queue message or event that cannot be read
│   ├── SealError            a sealed grant cannot be opened for this owner and provider
│   ├── OverBudgetError      one user's data costs too much to process
│   └── UnexpectedError      an internal error while processing one item
└── ProviderError            a music provider failed or refused
    ├── AccessExpiredError   the access token is no longer accepted; refresh and retry
    ├── ReauthRequiredError  the user has to consent again; retried only if not certain
    ├── RateLimitedError     retry after a number of seconds, within a scope
    ├── NotPermittedError    the provider refuses this app or user; never retried
    ├── TransientError       time-out, reset or a failure of the provider's server: retry later
    └── BadPayloadError      a response that cannot be read

What a caller of the API gets for each is decided in `topk.runtime.problems`, what happens to a
message in `topk.usecases.queue_outcomes`.
"""

import traceback
from pathlib import PurePath
from typing import Literal

Scope = Literal["user", "app"]
"""Who is refused: one user's account, or all that are asked for with our app."""


class TopkError(Exception):
    """The root of the tree. Messages never carry tokens, bodies or personal data."""


class ClientError(TopkError):
    """The caller has to change the request."""


class RetryableError(TopkError):
    """The same call may succeed later."""


class InternalError(TopkError):
    """A defect, or stored data that cannot be used."""


class InvalidRequestError(ClientError):
    """The caller sent an invalid value in `field`."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


class TooLargeError(InvalidRequestError):
    """`field` contains more than a request may."""


class UnknownProviderError(InvalidRequestError):
    """The provider is not deployed, or not offered for this."""

    def __init__(self, detail: str) -> None:
        super().__init__("provider", detail)


class TokenError(ClientError):
    """The token identifies no user of this tenant."""

    field = "token"

    def __init__(self, detail: str) -> None:
        super().__init__(f"token: {detail}")
        self.detail = detail


class ScopeError(TokenError):
    """The token does not allow the call."""


class NotAllowedError(ClientError):
    """The tenant's rules do not let its users do this."""


class LimitReachedError(ClientError):
    """The user has `most` of `field` already."""

    def __init__(self, field: str, most: int) -> None:
        super().__init__(f"{field}: at most {most}")
        self.field = field
        self.detail = f"at most {most}"


class TooSoonError(ClientError):
    """Requested too often; retry after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class HandshakeError(ClientError):
    """The OAuth `state` is missing, forged, expired or already used."""


class SignatureError(ClientError):
    """The signature of a push is missing, invalid or expired. The caller learns no more."""


class NotVisibleError(TopkError):
    """The resource does not exist, or the viewer may not see it."""


class ConflictError(RetryableError):
    """Another writer was first."""


class StoreError(RetryableError):
    """The storage failed."""


class MalformedMessageError(InternalError):
    """A message that no retry can make readable."""


class SealError(InternalError):
    """A sealed grant does not open for this owner and provider."""


class OverBudgetError(InternalError):
    """What one user brought costs more to work on than a user may; no retry helps."""


class UnexpectedError(InternalError):
    """An internal error, named by type and location: its message may quote user input."""


class ProviderError(TopkError):
    """A music provider failed or refused."""


class AccessExpiredError(ProviderError):
    """The access token is no longer accepted; refresh it and retry once."""


class ReauthRequiredError(ProviderError):
    """The provider no longer lets us read this account; `reason` is a short code such as
    `invalid_grant`.

    `certain` is False where providers have been seen to give this answer by mistake, such as “not
    found” during an outage. Such a refusal ends a connection only when it is repeated for hours.
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
