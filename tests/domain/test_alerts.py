"""Account alerts: which accounts need their owner's action, and since when."""

import pytest

from tests.fakes import DAY, NOON, connection
from topk.domain.account.alerts import AccountAlert, alert_of
from topk.domain.account.connection import Status


@pytest.mark.parametrize(("days", "reported"), [(15, False), (14, True), (1, True), (-1, True)])
def test_an_expiring_consent_is_reported_fourteen_days_before(days: int, reported: bool) -> None:
    ends_at = NOON + days * DAY
    ending = connection(consent_ends_at=ends_at, connected_at=NOON - 100 * DAY)
    found = alert_of(ending, now=NOON)
    since = ends_at - 14 * DAY
    expected = AccountAlert("spotify", Status.ACTIVE, "consent_ends_soon", since, ends_at)
    assert found == (expected if reported else None)


def test_a_consent_of_one_week_is_expiring_from_the_start() -> None:
    found = alert_of(connection(consent_ends_at=NOON + 6 * DAY), now=NOON)
    assert found is not None
    assert (found.code, found.since) == ("consent_ends_soon", connection().connected_at)


def test_a_dead_grant_gives_its_reason_and_start() -> None:
    dead = connection(status=Status.REAUTH_REQUIRED, reason="invalid_grant", status_since=NOON - 60)
    found = alert_of(dead, now=NOON)
    assert found == AccountAlert(
        "spotify", Status.REAUTH_REQUIRED, "invalid_grant", NOON - 60, None
    )
    assert found.code == "reauth_required"


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.PAUSED, Status.REVOKED])
def test_other_statuses_need_no_action(status: Status) -> None:
    ends_at = NOON if status is not Status.ACTIVE else None
    assert alert_of(connection(status=status, consent_ends_at=ends_at), now=NOON) is None
