"""A user's music account, connected: the grant it was given and how far it has been crawled."""

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
    """What a provider gave us to read with. Lives sealed; `repr` shows no token.

    `expires_at` is the end of the access token, `consent_ends_at` of the consent itself, both in
    epoch seconds and None where there is no end.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: int | None = None
    consent_ends_at: int | None = None
    account: str = ""
    """The user's name or id at the provider, where reading needs it."""

    @property
    def lasting(self) -> str:
        """What tells it from the grants before and after it: the token that is refreshed with."""
        return self.refresh_token or self.access_token

    @property
    def at_rest(self) -> Self:
        """What is worth keeping until the next crawl: an access token would be dead by then."""
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
    """Why the status is what it is, a short code such as `invalid_grant`."""
    checkpoint: str = field(default="", repr=False)
    """Where the last crawl stopped, in the provider adapter's own terms; empty before the first."""
    crawled_through: int = 0
    """Every play the provider showed up to this moment has been written; 0 before the first."""
    known_since: int = 0
    """Plays before this moment may never have been shown; 0 where the provider holds all."""
    heard_at: int = 0
    """When the latest known play was; 0 where none is known."""
    cadence: Cadence = DAILY
    calm_since: int = 0
    """Since when every crawl found little that is new; 0 where the last one found more."""
    gaps: tuple[int, ...] = ()
    """Days (since the epoch) on which plays may have been lost at the provider."""
    viewed_at: int = 0
    """When a look at the owner's list last asked for a crawl. Updates leave it as it is."""
    version: int = 0
