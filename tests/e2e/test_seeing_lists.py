"""Access to lists, in a real browser on the host app of the deployed stack."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.run import Result
from infra_cdk import outputs
from tests.e2e.visiting import Picture, Visitor

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

NOT_AVAILABLE = "This list is not available."
SITE = ("index", "accounts", "people", "followers", "privacy")
PAGES = ("", "feed", "followers", "accounts", "privacy", *(f"music/{page}.html" for page in SITE))


def test_a_follower_sees_the_list_that_the_api_returns(
    visitor: Visitor, people: People, follower: Person, followed: Person, picture: Picture
) -> None:
    told = people.expect(follower, "GET", f"/v1/users/{followed.user}/top?k=10")["songs"]
    visitor.sign_in(follower)
    widget = visitor.profile(followed)
    assert visitor.songs(widget) == [one["title"] for one in told]
    images = widget.locator("img")
    expect(images.first).to_have_js_property("complete", True)
    assert all(image.get_attribute("src") for image in images.all())
    visitor.find_it_accessible()
    picture("profile")


def test_an_unfollow_hides_the_list_until_the_owner_accepts_a_request(
    visitor: Visitor,
    people: People,
    browser: Browser,
    follower: Person,
    followed: Person,
    picture: Picture,
) -> None:
    visitor.sign_in(follower)
    widget = visitor.profile(followed)
    before = visitor.songs(widget)
    visitor.page.get_by_role("button", name="Unfollow").click()
    expect(widget.get_by_text(NOT_AVAILABLE)).to_be_visible()
    expect(widget.get_by_role("listitem")).to_have_count(0)
    visitor.find_it_accessible()
    picture("not-available")
    _ask(visitor)
    with _other(visitor, browser) as owner:
        owner.sign_in(followed)
        page = owner.open("followers")
        page.get_by_role("button", name=re.compile("^Accept ")).click()
        expect(page.get_by_text("Accepted.")).to_be_visible()
        owner.find_it_accessible()
        picture("followers")
        assert visitor.songs(visitor.profile(followed)) == before
        page.get_by_role("button", name=re.compile("^Remove ")).click()
        expect(page.get_by_text("Removed.")).to_be_visible()
    expect(visitor.profile(followed).get_by_text(NOT_AVAILABLE)).to_be_visible()
    people.tell(follower, "follow", [followed.user])


def _ask(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Follow").click()
    expect(visitor.page.get_by_role("button", name="Requested")).to_be_visible()


def test_a_private_list_is_only_for_its_owner_and_a_public_one_for_all(
    visitor: Visitor,
    people: People,
    browser: Browser,
    follower: Person,
    followed: Person,
    picture: Picture,
) -> None:
    with _other(visitor, browser) as stranger, _other(visitor, browser) as owner:
        visitor.sign_in(follower)
        own = owner.profile(followed)
        owner.sign_in(followed)
        assert visitor.songs(own)
        owner.open("privacy").get_by_label("Only me").click()
        expect(owner.page.get_by_text("Saved.")).to_be_visible()
        expect(visitor.profile(followed).get_by_text(NOT_AVAILABLE)).to_be_visible()
        visitor.find_it_accessible()
        picture("private")
        expect(stranger.profile(followed).get_by_text(NOT_AVAILABLE)).to_be_visible()
        assert owner.songs(owner.profile(followed))
        owner.open("privacy").get_by_label("Everybody").click()
        expect(owner.page.get_by_text("Saved.")).to_be_visible()
        assert stranger.songs(stranger.profile(followed))
        stranger.find_it_accessible()
        owner.open("privacy").get_by_label("People who follow me").click()
        expect(owner.page.get_by_text("Saved.")).to_be_visible()
    visitor.sign_in(followed)
    expect(visitor.open("privacy").get_by_text("Who sees your list", exact=True)).to_be_visible()
    picture("privacy")


def test_a_hidden_song_is_hidden_from_followers_and_marked_for_its_owner(
    visitor: Visitor, browser: Browser, follower: Person, followed: Person, picture: Picture
) -> None:
    visitor.sign_in(followed)
    title = visitor.songs(visitor.profile(followed))[0]
    visitor.open("privacy").get_by_label(title, exact=True).click()
    expect(visitor.page.get_by_text("Saved.")).to_be_visible()
    with _other(visitor, browser) as other:
        other.sign_in(follower)
        assert title not in other.songs(other.profile(followed))
    own = visitor.profile(followed)
    expect(own.get_by_text("Hidden from others")).to_have_count(1)
    visitor.find_it_accessible()
    picture("hidden-song")
    privacy = visitor.open("privacy")
    privacy.get_by_role("button", name="As a follower").click()
    assert title not in visitor.songs(privacy.locator("top-songs"))
    visitor.find_it_accessible()
    privacy.get_by_label(title, exact=True).click()
    expect(privacy.get_by_text("Saved.")).to_be_visible()
    expect(privacy.get_by_label(title, exact=True)).to_be_checked()


def test_the_feed_shows_forty_songs_of_followed_users_and_their_ranking(
    visitor: Visitor, people: People, follower: Person, picture: Picture
) -> None:
    told = people.expect(follower, "GET", "/v1/me/following/top?k=10")["lists"]
    common = people.expect(follower, "GET", "/v1/me/following/songs?k=10")["songs"]
    songs = sum(len(one["songs"]) for one in told) + len(common)
    assert songs >= 40
    visitor.sign_in(follower)
    feed = visitor.open("feed").locator("followed-lists")
    expect(feed.locator("li.song")).to_have_count(songs)
    assert all(one.count("@") == 0 for one in feed.locator("h2").all_text_contents())
    visitor.find_it_accessible()
    picture("feed")


def test_a_list_that_cannot_be_rebuilt_is_shown_with_its_day(
    visitor: Visitor,
    stack: LocalStack,
    people: People,
    follower: Person,
    followed: Person,
    picture: Picture,
) -> None:
    told = people.expect(follower, "GET", f"/v1/users/{followed.user}/top")
    day = date.fromisoformat(told["as_of"]) - timedelta(days=1)
    visitor.sign_in(follower)
    with _plays_out_of_reach(stack):
        _set_day(stack, followed, day)
        visitor.page.clock.set_fixed_time(f"{day + timedelta(days=2)}T09:00:00Z")
        widget = visitor.profile(followed)
        expect(widget.get_by_text(f"As of {day:%A}")).to_be_visible()
        assert visitor.songs(widget)
        visitor.find_it_accessible()
        picture("stale")
    expect(visitor.profile(followed).get_by_text("As of")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_fits_a_phone(
    visitor: Visitor, follower: Person, picture: Picture, path: str, scheme: Any
) -> None:
    visitor.page.emulate_media(color_scheme=scheme)
    visitor.page.set_viewport_size({"width": 360, "height": 780})
    visitor.sign_in(follower)
    page = visitor.open(path or f"people/{follower.user}")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("li").first).to_be_visible()
    visitor.find_it_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    name = path.removeprefix("music/").removesuffix(".html") or "profile"
    picture(f"phone-{'site-' if path.startswith('music') else ''}{name}-{scheme}")


def test_profile_and_feed_support_dark_mode(
    visitor: Visitor, follower: Person, followed: Person, picture: Picture
) -> None:
    visitor.page.emulate_media(color_scheme="dark")
    visitor.sign_in(follower)
    assert visitor.songs(visitor.profile(followed))
    visitor.find_it_accessible()
    picture("profile-dark")
    expect(visitor.open("feed").locator("li.song").first).to_be_visible()
    visitor.find_it_accessible()
    picture("feed-dark")


def test_the_sign_in_page_is_accessible(
    week: Result, stack: LocalStack, page: Page, picture: Picture
) -> None:
    Visitor(stack, page).open("")
    expect(page.get_by_role("heading", name="Who are you today?")).to_be_visible()
    Visitor(stack, page).find_it_accessible()
    picture("sign-in")


@contextmanager
def _other(visitor: Visitor, browser: Browser) -> Iterator[Visitor]:
    """Another person in a separate browser."""
    context = browser.new_context(viewport={"width": 900, "height": 900})
    other = Visitor.__new__(Visitor)
    other.page, other.root = context.new_page(), visitor.root
    yield other
    context.close()


@contextmanager
def _plays_out_of_reach(stack: LocalStack) -> Iterator[None]:
    """Denies the read function the plays, so that it cannot rebuild a list."""
    name = stack.outputs[outputs.function("read")]
    role = stack.client("lambda").get_function_configuration(FunctionName=name)["Role"]
    policy = {"RoleName": role.rpartition("/")[2], "PolicyName": "out-of-reach"}
    table = stack.outputs[outputs.table("Plays")]
    denied = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Action": "dynamodb:*",
                "Resource": f"arn:aws:dynamodb:*:*:table/{table}",
            }
        ],
    }
    iam = stack.client("iam")
    iam.put_role_policy(**policy, PolicyDocument=json.dumps(denied))
    try:
        yield
    finally:
        iam.delete_role_policy(**policy)


def _set_day(stack: LocalStack, person: Person, day: date) -> None:
    stack.client("dynamodb").update_item(
        TableName=stack.outputs[outputs.table("TopLists")],
        Key={"owner": {"S": f"{person.tenant}#{person.user}"}, "window": {"S": "7d"}},
        UpdateExpression="SET as_of = :day",
        ExpressionAttributeValues={":day": {"S": day.isoformat()}},
    )
