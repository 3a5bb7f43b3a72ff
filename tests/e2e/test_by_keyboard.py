"""The whole way through the host app of the deployed stack without a mouse."""

import pytest
from playwright.sync_api import expect

from cli.studies.demonstration.people import People, Person
from tests.e2e.keyboard import Keyboard
from tests.e2e.visiting import Picture, Visitor

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]


@pytest.fixture
def keyboard(visitor: Visitor) -> Keyboard:
    return Keyboard(visitor.page)


@pytest.fixture
def inside(visitor: Visitor, keyboard: Keyboard, follower: Person) -> Visitor:
    """Signed in, at the user's own profile."""
    visitor.open("")
    keyboard.choose(visitor.page.get_by_role("button", name=f"@{follower.user}"))
    visitor.page.wait_for_url(f"**/people/{follower.user}")
    return visitor


def test_every_song_is_reached_and_shows_where_one_is(
    inside: Visitor, keyboard: Keyboard, picture: Picture
) -> None:
    widget = inside.page.locator("top-songs")
    inside.songs(widget)
    links = widget.get_by_role("link")
    keyboard.reach(links.nth(0))
    keyboard.reach(links.nth(1))
    keyboard.reach(links.nth(2))
    picture("keyboard")


def test_the_content_is_reached_past_the_menu(inside: Visitor, keyboard: Keyboard) -> None:
    skip = inside.page.get_by_role("link", name="Skip to the content")
    keyboard.choose(skip)
    expect(inside.page.locator("main")).to_be_focused()
    keyboard.reach(inside.page.locator("main a, main top-songs a").first)


def test_follows_can_be_started_and_ended_by_keyboard(
    inside: Visitor, keyboard: Keyboard, people: People, follower: Person, followed: Person
) -> None:
    page = inside.page
    keyboard.choose(page.locator(f"main a[href$='/people/{followed.user}']"))
    page.wait_for_url(f"**/people/{followed.user}")
    keyboard.choose(page.get_by_role("button", name="Unfollow"))
    expect(page.get_by_text("This list is not available.")).to_be_visible()
    keyboard.choose(page.get_by_role("button", name="Follow"))
    expect(page.get_by_role("button", name="Requested")).to_be_visible()
    people.expect(followed, "PUT", f"/v1/me/followers/{follower.user}")
    page.reload()
    assert inside.songs(page.locator("top-songs"))


def test_a_question_is_answered_and_left(inside: Visitor, keyboard: Keyboard) -> None:
    page = inside.page
    keyboard.choose(page.get_by_role("link", name="My accounts"))
    leave = page.get_by_role("button", name="Disconnect").first
    expect(leave).to_be_visible()
    keyboard.choose(leave)
    question = page.get_by_role("dialog")
    expect(question).to_be_visible()
    keyboard.reach(question.get_by_role("button", name="Cancel"))
    keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(leave).to_be_focused()
    keyboard.press("Enter")
    expect(question).to_be_visible()
    keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(leave).to_be_focused()


def test_a_choice_is_made_and_taken_back_and_one_signs_out(
    inside: Visitor, keyboard: Keyboard
) -> None:
    page = inside.page
    keyboard.choose(page.get_by_role("link", name="Privacy"))
    followers, only_me = page.get_by_label("People who follow me"), page.get_by_label("Only me")
    expect(followers).to_be_checked()
    keyboard.reach(followers)
    keyboard.press("ArrowDown")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(only_me).to_be_checked()
    expect(only_me).to_be_focused()
    page.reload()
    expect(only_me).to_be_checked()
    keyboard.reach(only_me)
    keyboard.press("ArrowUp")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(followers).to_be_checked()
    page.reload()
    keyboard.choose(page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("heading", name="Who are you today?")).to_be_visible()
