"""Everything that can go wrong, as one tree.

TopkError
├── InvalidRequestError      the caller sent something unusable; names the field
├── TokenError               names no user of the tenant, or is not good for this call
├── TooSoonError             once more than is allowed within a time; says how long to wait
├── NotVisibleError          may not be seen, or does not exist: deliberately the same
├── HandshakeError           an OAuth `state` that is missing, forged, expired or used before
├── SignatureError           a push whose signature is missing, wrong or out of its window
├── MalformedMessageError    a queue message or event that no retry will make readable
├── ConflictError            another writer was first; what was read is out of date
├── SealError                a sealed grant that does not open for this owner and provider
├── StoreError               the storage did not take or give an item; retry
├── UnexpectedError          a fault of ours in the work on one item; the others go on
└── ProviderError            a music provider did not give what was asked
    ├── AccessExpiredError   the access token is no longer taken; refresh and try once more
    ├── ReauthRequiredError  only the user can mend it, by consenting again; never retried
    ├── RateLimitedError     retry after a number of seconds, within a scope
    ├── NotPermittedError    the provider refuses this app or this user; no retry mends it
    ├── TransientError       time-out, reset, 5xx: retry later
    └── BadPayloadError      an answer that cannot be read
"""

import traceback
from pathlib import PurePath
from typing import Literal

Scope = Literal["user", "app"]


class TopkError(Exception):
    """The root of the tree. Messages never carry tokens, bodies or personal data."""


class InvalidRequestError(TopkError):
    """The caller sent something unusable in `field`."""

    def __init__(self, field: str, detail: str, *, status: int = 400) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail
        self.status = status


class TokenError(TopkError):
    """The token names no user of this tenant (401), or is not good for this call (403)."""

    def __init__(self, detail: str, *, status: Literal[401, 403] = 401) -> None:
        super().__init__(f"token: {detail}")
        self.field = "token"
        self.detail = detail
        self.status = status


class TooSoonError(TopkError):
    """Asked for more often than is allowed; may be asked again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class NotVisibleError(TopkError):
    """What was asked for may not be seen by this viewer, or does not exist."""


class HandshakeError(TopkError):
    """The OAuth `state` is missing, forged, expired or was used before."""


class SignatureError(TopkError):
    """The signature of a push is missing, wrong or out of its window. The caller learns no more."""


class MalformedMessageError(TopkError):
    """A message that no retry will make readable."""


class ConflictError(TopkError):
    """Another writer was first."""


class SealError(TopkError):
    """A sealed grant does not open for this owner and provider."""


class StoreError(TopkError):
    """The storage failed; the same call may succeed later."""


class UnexpectedError(TopkError):
    """A fault of ours, named by its kind and place: its own words may quote what a user sent."""


class ProviderError(TopkError):
    """A music provider did not give what was asked."""


class AccessExpiredError(ProviderError):
    """The access token is no longer taken; refresh and try once more."""


class ReauthRequiredError(ProviderError):
    """The grant is dead for good; `reason` is a short code such as `invalid_grant`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RateLimitedError(ProviderError):
    """Ask again after `retry_after` seconds; `scope` says who is limited."""

    def __init__(self, retry_after: int, scope: Scope = "app") -> None:
        super().__init__(f"{scope} limited for {retry_after} s")
        self.retry_after = retry_after
        self.scope = scope


class NotPermittedError(ProviderError):
    """The provider refuses this app or user."""


class TransientError(ProviderError):
    """The provider failed in a way that passes."""


class BadPayloadError(ProviderError):
    """The provider's answer cannot be read."""


def place_of(error: BaseException) -> str:
    """The kind of `error` and where it was raised, without its words: `KeyError at crawl.py:42`."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
