"""How a crawl of one connection ended, as metrics and logs name it."""

from collections.abc import Mapping
from enum import StrEnum

from topk.domain.errors import (
    AccessExpiredError,
    BadPayloadError,
    ConflictError,
    NotPermittedError,
    RateLimitedError,
    ReauthRequiredError,
    SealError,
    StoreError,
    TopkError,
    TransientError,
    UnknownProviderError,
)


class CrawlResult(StrEnum):
    CRAWLED = "crawled"
    FRESH = "fresh"
    """Another crawl did the work since this one was due."""
    PUSHED = "pushed"
    """Left out, because pushes bring the account's plays."""
    GONE = "gone"
    """The connection does not exist or is not active."""
    SUSPENDED = "suspended"
    """The tenant is suspended. Its connections stay as they are."""
    WAITING = "waiting"
    """For a slot in the app's budget, or for its circuit breaker."""
    LOST_RACE = "lost_race"
    """Another crawl changed the connection first."""
    RATE_LIMITED = "rate_limited"
    """Possibly the whole app."""
    USER_LIMITED = "user_limited"
    REFUSED = "refused"
    """The account was refused, which ends the connection only if it is repeated."""
    REAUTH_REQUIRED = "reauth_required"
    """The connection ended."""
    NOT_PERMITTED = "not_permitted"
    ACCESS_EXPIRED = "access_expired"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    BAD_PAYLOAD = "bad_payload"
    STORE_FAILED = "store_failed"
    SEAL_FAILED = "seal_failed"
    UNKNOWN_PROVIDER = "unknown_provider"
    UNEXPECTED = "unexpected"

    @property
    def sent_requests(self) -> bool:
        """Whether the provider was asked for this connection's plays."""
        return self not in _SILENT


_SILENT = frozenset(
    {
        CrawlResult.FRESH,
        CrawlResult.PUSHED,
        CrawlResult.GONE,
        CrawlResult.SUSPENDED,
        CrawlResult.WAITING,
    }
)
_OF_ERRORS: Mapping[type[TopkError], CrawlResult] = {
    ConflictError: CrawlResult.LOST_RACE,
    StoreError: CrawlResult.STORE_FAILED,
    SealError: CrawlResult.SEAL_FAILED,
    UnknownProviderError: CrawlResult.UNKNOWN_PROVIDER,
    AccessExpiredError: CrawlResult.ACCESS_EXPIRED,
    ReauthRequiredError: CrawlResult.REAUTH_REQUIRED,
    RateLimitedError: CrawlResult.RATE_LIMITED,
    NotPermittedError: CrawlResult.NOT_PERMITTED,
    TransientError: CrawlResult.PROVIDER_UNAVAILABLE,
    BadPayloadError: CrawlResult.BAD_PAYLOAD,
}


def result_of(error: TopkError) -> CrawlResult:
    """The result of a crawl that ended with `error`. Errors that no crawl expects are a defect."""
    if isinstance(error, RateLimitedError) and error.scope == "user":
        return CrawlResult.USER_LIMITED
    results = (_OF_ERRORS[kind] for kind in type(error).__mro__ if kind in _OF_ERRORS)
    return next(results, CrawlResult.UNEXPECTED)
