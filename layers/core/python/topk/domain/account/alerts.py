"""Account alerts: accounts that need an action by their owner."""

from dataclasses import dataclass

from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.timetable import DAY_SECONDS

SOON_SECONDS = 14 * DAY_SECONDS
CONSENT_ENDS_SOON = "consent_ends_soon"


@dataclass(frozen=True, slots=True)
class AccountAlert:
    """`reason` is the code of the refusal or `consent_ends_soon`; times are epoch seconds."""

    provider: str
    status: Status
    reason: str
    since: int
    consent_ends_at: int | None

    @property
    def code(self) -> str:
        """The kind of alert: `reauth_required` or `consent_ends_soon`."""
        return self.reason if self.status is Status.ACTIVE else self.status.value


def alert_of(connection: Connection, *, now: int) -> AccountAlert | None:
    """The owner's alerts: invalid grants and consents that expire soon."""
    ends_at = connection.consent_ends_at
    if connection.status is Status.REAUTH_REQUIRED:
        reason, since = connection.reason or connection.status.value, connection.status_since
    elif connection.status is Status.ACTIVE and ends_at and ends_at - now <= SOON_SECONDS:
        reason, since = CONSENT_ENDS_SOON, max(ends_at - SOON_SECONDS, connection.connected_at)
    else:
        return None
    return AccountAlert(connection.provider, connection.status, reason, since, ends_at)
