"""Connecting a music account through the provider's own page, in a real browser."""

import pytest
from playwright.sync_api import expect

from cli.studies.demonstration.people import Person
from tests.e2e.visiting import Picture, Visitor

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

PROVIDER, NAME = "youtube", "YouTube"
DENIED, DENIED_NAME = "spotify", "Spotify"


@pytest.fixture
def person(members: list[Person]) -> Person:
    """The last who has an account at the provider."""
    return next(one for one in reversed(members) if PROVIDER in one.accounts)


@pytest.fixture
def other(members: list[Person]) -> Person:
    """The last who has none there."""
    return next(one for one in reversed(members) if DENIED not in one.accounts)


def test_connecting_leads_through_the_consent_page_and_back(
    visitor: Visitor, person: Person, picture: Picture
) -> None:
    visitor.sign_in(person)
    _disconnect_everything(visitor)
    accounts = visitor.page
    visitor.find_it_accessible()
    picture("accounts-none")
    accounts.get_by_role("button", name=f"Connect {NAME}").click()
    accounts.locator("select[name=account]").select_option(person.accounts[PROVIDER])
    picture("consent")
    accounts.get_by_role("button", name="Allow").click()
    accounts.wait_for_url("**/accounts*")
    expect(accounts.get_by_text(f"{NAME} is connected.")).to_be_visible()
    expect(accounts.get_by_role("button", name=f"Disconnect {NAME}")).to_be_visible()
    visitor.find_it_accessible()
    picture("accounts-connected")


@pytest.mark.parametrize("path", ["accounts", "music/accounts.html"])
def test_a_denied_consent_is_reported_and_connects_nothing(
    visitor: Visitor, other: Person, picture: Picture, path: str
) -> None:
    visitor.sign_in(other)
    page = visitor.open(path)
    page.get_by_role("button", name=f"Connect {DENIED_NAME}").click()
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url(f"**/{path}?*")
    expect(page.get_by_text(f"{DENIED_NAME} was not connected.")).to_be_visible()
    expect(page.get_by_role("button", name=f"Connect {DENIED_NAME}")).to_be_visible()
    visitor.find_it_accessible()
    picture("accounts-denied" if path == "accounts" else "site-accounts")


def _disconnect_everything(visitor: Visitor) -> None:
    """By the page, with all that was counted."""
    page = visitor.open("accounts")
    leaving = page.get_by_role("button", name="Disconnect")
    expect(leaving.first).to_be_visible()
    for left in reversed(range(leaving.count())):
        leaving.first.click()
        visitor.find_it_accessible()
        page.get_by_role("button", name="Delete its plays too").click()
        expect(leaving).to_have_count(left)
