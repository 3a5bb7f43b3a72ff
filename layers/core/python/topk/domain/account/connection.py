"""A connection: a user's account at a provider, its grant and how far it has been crawled."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from topk.domain.crawl.timetable import DAILY, Cadence
from topk.domain.owner import Owner


class Status(StrEnum):
    """ACTIVE is crawled; REAUTH_REQUIRED waits for the user; the others are not crawled."""

    ACTIVE = "active"
    REAUTH_REQUIRED = "reauth_required"
    PAUSED = "paused"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Grant:
    """The tokens of a connection. Stored sealed; `repr` shows no token.

    `expires_at` is the end of the access token, `consent_ends_at` that of the consent, both in
    epoch seconds and None if they do not expire.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: int | None = None
    consent_ends_at: int | None = None
    account: str = ""
    """The user's name or id at the provider, if requests need it."""

    @property
    def lasting(self) -> str:
        """Distinguishes it from earlier and later grants: the refresh token."""
        return self.refresh_token or self.access_token

    @property
    def at_rest(self) -> Self:
        """The part to store until the next crawl, by which an access token has expired."""
        if self.refresh_token is None:
            return self
        return replace(self, access_token="", expires_at=0)


@dataclass(frozen=True, slots=True)
class Connection:
    """One account of one owner. Times are epoch seconds; `version` counts the updates."""

    owner: Owner
    provider: str
    sealed_grant: str = field(repr=False)
    status: Status
    connected_at: int
    status_since: int
    expires_at: int | None = None
    consent_ends_at: int | None = None
    reason: str = ""
    """Reason for the status, a short code such as `invalid_grant`."""
    checkpoint: str = field(default="", repr=False)
    """Where the last crawl stopped, in the adapter's own format; empty before the first."""
    crawled_through: int = 0
    """All plays available up to this time have been written; 0 before the first crawl."""
    known_since: int = 0
    """Plays before this time may never have been available; 0 if the provider keeps everything."""
    heard_at: int = 0
    """Time of the latest known play; 0 if there is none."""
    cadence: Cadence = DAILY
    calm_since: int = 0
    """Time since which crawls have found few new plays; 0 if the last one found more."""
    gaps: tuple[int, ...] = ()
    """Days (since the epoch) on which plays may have been lost at the provider."""
    refusals: int = 0
    """How many crawls in a row were refused for `reason`, which may be the provider's mistake."""
    refused_since: int = 0
    push_agreed: int = 0
    """How many crawls in a row found that pushes had brought their plays."""
    pulled_at: int = 0
    """When the account was last crawled while pushes bring its plays; 0 otherwise."""
    viewed_at: int = 0
    """When a view last requested a crawl. Updates do not change it."""
    much_followed: bool = False
    """Whether the owner had many followers at a view. Updates do not change it."""
    version: int = 0
