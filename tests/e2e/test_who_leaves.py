"""Exporting and deleting an account on the page, then returning as a new user, when deployed."""

import json
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Locator, expect

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.browser import Browser
from cli.studies.demonstration.connecting import connect
from cli.studies.demonstration.people import People, Person
from tests.e2e.leftovers import forget_export
from tests.e2e.visiting import Picture, Visitor
from tests.waiting import eventually

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

ERASED_WITHIN_MS = 180_000
LIST_WITHIN = 60


@pytest.fixture
def person(people: People, members: list[Person]) -> Iterator[Person]:
    """The last user with Spotify; their accounts and followers are restored at the end."""
    person = next(one for one in reversed(members) if "spotify" in one.accounts)
    yield person
    with httpx2.Client(timeout=30, trust_env=False) as http:
        connect(people, person, Browser(http))
    for other in members:
        if person.user in other.follows:
            people.tell(other, "follow", [person.user])


def test_all_data_is_exported_as_a_file(
    visitor: Visitor, followed: Person, stack: LocalStack
) -> None:
    forget_export(stack, followed)
    visitor.sign_in(followed)
    title = visitor.songs(visitor.profile(followed))[0]
    page = visitor.open("privacy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export everything").click()
    expect(page.get_by_text("The export is in your downloads.")).to_be_visible()
    told = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert told["user_id"] == followed.user
    assert {one["provider"] for one in told["connections"]} == set(followed.accounts)
    assert title in json.dumps(told["plays"], ensure_ascii=False)


def test_a_deleted_user_returns_through_consent_with_a_new_list(
    visitor: Visitor, person: Person, picture: Picture
) -> None:
    visitor.sign_in(person)
    page = visitor.open("privacy")
    page.get_by_role("button", name="Delete everything").click()
    sure = page.get_by_role("dialog", name="Delete everything?")
    sure.get_by_role("textbox").fill("delete")
    picture("delete-everything")
    sure.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_text("Everything is being deleted.")).to_be_visible()
    expect(page.get_by_text("Everything is deleted.")).to_be_visible(timeout=ERASED_WITHIN_MS)
    visitor.find_it_accessible()

    expect(visitor.profile(person).get_by_text("Your list starts here")).to_be_visible()
    visitor.find_it_accessible()
    picture("empty")

    accounts = visitor.open("accounts")
    accounts.get_by_role("button", name="Connect Spotify").click()
    accounts.locator("select[name=account]").select_option(person.accounts["spotify"])
    accounts.get_by_role("button", name="Allow").click()
    expect(accounts.get_by_text("Spotify is connected.")).to_be_visible()

    # Spotify remembers fifty plays: some days of the week are complete, and the list says how many.
    widget = eventually(lambda: _with_songs(visitor, person), within=LIST_WITHIN)
    expect(widget.get_by_text("of 7 days")).to_be_visible()
    visitor.find_it_accessible()
    picture("incomplete")


def _with_songs(visitor: Visitor, person: Person) -> Locator | None:
    """The widget on the reloaded profile of `person`, once it has songs."""
    widget = visitor.profile(person)
    expect(widget.locator("section")).to_have_attribute("aria-busy", "false")
    return widget if widget.get_by_role("listitem").count() else None
