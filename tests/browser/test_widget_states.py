"""For every API failure, the widget shows a clear state."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.double import Double, Reply
from tests.browser.embedding import Picture, embed, fired, violations
from tests.browser.lists import top_list
from tests.waiting import eventually

LIST = "GET /v1/public/users/ada/top"


def stop_the_clock(page: Page) -> None:
    """Time passes only through `run_for`."""
    page.clock.install(time="2026-11-20T09:00:00Z")
    page.clock.pause_at("2026-11-20T09:00:01Z")


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Holds replies back until it is set."""
    event = threading.Event()
    yield event
    event.set()


def test_a_public_list_is_shown_without_a_token(server: Double, page: Page) -> None:
    server.answer(LIST, top_list(10))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_role("listitem")).to_have_count(10)
    [asked] = server.calls(LIST)
    assert (asked.query, asked.token) == ({"k": "10"}, "")
    assert fired(page, "load") == [{"user": "ada", "asOf": "2026-11-17", "songs": 10}]
    assert violations(page) == []


def test_a_skeleton_is_shown_while_it_loads(
    server: Double, page: Page, held: threading.Event, picture: Picture
) -> None:
    server.answer(LIST, Reply(top_list(5), held=held))
    widget = embed(server, page, user="ada", k="5")
    expect(widget.locator(".skeleton .song")).to_have_count(5)
    expect(widget.locator("section")).to_have_attribute("aria-busy", "true")
    assert violations(page) == []
    picture("state-loading")
    held.set()
    expect(widget.get_by_role("listitem")).to_have_count(5)
    expect(widget.locator("section")).to_have_attribute("aria-busy", "false")


def test_after_three_seconds_it_says_that_it_is_slow(
    server: Double, page: Page, held: threading.Event, picture: Picture
) -> None:
    stop_the_clock(page)
    server.answer(LIST, Reply(top_list(), held=held))
    widget = embed(server, page, user="ada", k="5")
    expect(widget.locator(".skeleton")).to_be_visible()
    page.clock.run_for(2900)
    expect(widget.get_by_text("This takes longer than usual.")).to_have_count(0)
    page.clock.run_for(200)
    expect(widget.get_by_text("This takes longer than usual.")).to_be_visible()
    page.clock.resume()
    assert violations(page) == []
    picture("state-slow")
    held.set()
    expect(widget.get_by_role("listitem")).to_have_count(5)


NOTICES = [
    pytest.param(Reply(top_list(0)), "Nothing played yet", "empty", id="empty"),
    pytest.param(Reply({}, 404), "This list is not available.", "not-available", id="404"),
    pytest.param(Reply({}, 400), "This list is not available.", "not-available", id="400"),
    pytest.param(Reply("", 503), "The list cannot be reached", "down", id="503"),
    pytest.param(Reply("<h1>x", 502), "The list cannot be reached", "down", id="html-502"),
    pytest.param(Reply("{", 200), "The list could not be read.", "unreadable", id="broken"),
    pytest.param(Reply([], 200), "The list could not be read.", "unreadable", id="no-list"),
    pytest.param(Reply("null", 200), "The list could not be read.", "unreadable", id="null"),
    pytest.param(Reply({}, 429), "A lot of people are looking", "limited", id="429"),
    pytest.param(Reply({}, 401), "Sign in again to see this list.", "signed-out", id="401"),
]


@pytest.mark.parametrize(("reply", "sentence", "state"), NOTICES)
def test_each_failure_has_its_own_state(
    server: Double, page: Page, reply: Reply, sentence: str, state: str, picture: Picture
) -> None:
    server.answer(LIST, reply)
    widget = embed(server, page, user="ada")
    expect(widget.get_by_text(sentence)).to_be_visible()
    assert widget.evaluate("element => element.state") == state
    assert violations(page) == []
    picture(f"state-{state}")


def test_retrying_by_hand_shows_the_list(server: Double, page: Page) -> None:
    server.answer(LIST, Reply("", 503), Reply(top_list(3)))
    widget = embed(server, page, user="ada")
    widget.get_by_role("button", name="Try again").click()
    expect(widget.get_by_role("listitem")).to_have_count(3)


def test_retry_after_is_honoured(server: Double, page: Page) -> None:
    stop_the_clock(page)
    server.answer(LIST, Reply({}, 429, {"retry-after": "12"}), Reply(top_list(3)))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_text("Trying again in 12 seconds.")).to_be_visible()
    page.clock.run_for(11_900)
    assert len(server.calls(LIST)) == 1
    page.clock.run_for(200)
    expect(widget.get_by_role("listitem")).to_have_count(3)


def test_it_stops_retrying_after_three_attempts(server: Double, page: Page) -> None:
    stop_the_clock(page)
    server.answer(LIST, Reply({}, 429, {"retry-after": "1"}))
    widget = embed(server, page, user="ada")
    for tries in (1, 2, 3, 4):
        expect(widget.get_by_text("A lot of people are looking")).to_be_visible()
        assert len(server.calls(LIST)) == tries
        page.clock.run_for(1100)
    page.clock.run_for(60_000)
    assert len(server.calls(LIST)) == 4
    expect(widget.get_by_role("button", name="Try again")).to_be_visible()


def test_a_stale_list_shows_its_day(server: Double, page: Page, picture: Picture) -> None:
    page.clock.set_fixed_time("2026-11-20T09:00:00Z")
    server.answer(LIST, top_list(4, stale=True))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_text("As of Tuesday")).to_be_visible()
    assert violations(page) == []
    picture("state-stale")


def test_a_list_older_than_a_week_shows_its_date(server: Double, page: Page) -> None:
    page.clock.set_fixed_time("2026-11-26T09:00:00Z")
    server.answer(LIST, top_list(stale=True))
    widget = embed(server, page, user="ada", language="en-GB")
    expect(widget.get_by_text("As of 17 November")).to_be_visible()


def test_an_incomplete_list_shows_its_completeness_to_its_owner_only(
    server: Double, page: Page, picture: Picture
) -> None:
    known = {"complete_days": 6, "of_days": 7}
    server.answer(LIST, top_list(4, completeness=known))
    expect(embed(server, page, user="ada").get_by_role("listitem")).to_have_count(4)
    expect(page.get_by_text("of 7 days")).to_have_count(0)
    attention = [{"provider": "spotify", "status": "reauth_required", "reason": "revoked"}]
    own = known | {"providers_needing_attention": attention}
    server.answer("GET /v1/me/top", top_list(4, completeness=own))
    widget = embed(server, page, signed_in="", tokens=True, accounts_href="/accounts")
    expect(widget.get_by_text("6 of 7 days")).to_be_visible()
    link = widget.get_by_role("link", name="Reconnect Spotify")
    expect(link).to_have_attribute("href", "/accounts")
    assert violations(page) == []
    picture("state-incomplete")


def test_an_unknown_and_empty_list_shows_no_day_count(server: Double, page: Page) -> None:
    server.answer(LIST, top_list(0, completeness={"complete_days": 0, "of_days": 7}))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_text("Nothing played yet")).to_be_visible()
    expect(widget.get_by_text("of 7 days")).to_have_count(0)


def test_the_offline_state_ends_by_itself(
    server: Double, page: Page, context: BrowserContext, picture: Picture
) -> None:
    server.answer(LIST, Reply("", 503), Reply(top_list(3)))
    widget = embed(server, page, user="ada")
    retry = widget.get_by_role("button", name="Try again")
    expect(retry).to_be_visible()
    context.set_offline(offline=True)
    retry.click()
    expect(widget.get_by_text("You are offline.")).to_be_visible()
    assert violations(page) == []
    picture("state-offline")
    context.set_offline(offline=False)
    expect(widget.get_by_role("listitem")).to_have_count(3)


def test_a_failed_refresh_keeps_the_list(server: Double, page: Page, picture: Picture) -> None:
    server.answer(LIST, Reply(top_list(3)), Reply("", 503), Reply(top_list(4)))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_role("listitem")).to_have_count(3)
    widget.evaluate("element => element.refresh()")
    expect(widget.get_by_text("Not refreshed")).to_be_visible()
    expect(widget.get_by_role("listitem")).to_have_count(3)
    assert violations(page) == []
    picture("state-not-refreshed")
    widget.get_by_role("button", name="Try again").click()
    expect(widget.get_by_role("listitem")).to_have_count(4)


def test_a_list_without_access_is_removed_at_once(server: Double, page: Page) -> None:
    server.answer(LIST, Reply(top_list(3)), Reply({}, 404))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_role("listitem")).to_have_count(3)
    widget.evaluate("element => element.refresh()")
    expect(widget.get_by_text("This list is not available.")).to_be_visible()
    expect(widget.get_by_role("listitem")).to_have_count(0)


def test_a_late_response_for_the_previous_user_is_ignored(
    server: Double, page: Page, held: threading.Event
) -> None:
    server.answer(LIST, Reply(top_list(3), held=held))
    server.answer("GET /v1/public/users/bo/top", top_list(5, user_id="bo"))
    widget = embed(server, page, user="ada")
    expect(widget.locator(".skeleton")).to_be_visible()
    widget.evaluate("element => element.user = 'bo'")
    expect(widget.get_by_role("listitem")).to_have_count(5)
    held.set()
    assert [one["user"] for one in fired(page, "load")] == ["bo"]
    expect(widget.get_by_role("listitem")).to_have_count(5)


SENT = "<ol><li>Sent by the server</li></ol>"


def test_server_html_is_shown_until_the_list_is_loaded(
    server: Double, page: Page, held: threading.Event
) -> None:
    server.answer(LIST, Reply(top_list(3), held=held))
    widget = embed(server, page, user="ada", inside=SENT)
    expect(page.get_by_text("Sent by the server")).to_be_visible()
    held.set()
    expect(widget.locator("li.song")).to_have_count(3)
    expect(page.get_by_text("Sent by the server")).to_be_hidden()


def test_without_script_the_server_html_is_a_plain_list(server: Double, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    embed(server, page, user="ada", inside=SENT)
    expect(page.get_by_role("listitem")).to_have_text("Sent by the server")
    context.close()


def test_the_first_list_is_measured(server: Double, page: Page) -> None:
    server.answer(LIST, top_list())
    embed(server, page, user="ada")
    measured = "performance.getEntriesByName('top-songs:first-list', 'measure').length"
    page.wait_for_function(f"{measured} === 1")


OWN = "GET /v1/me/top"
WAYS = {"accounts_href": "/accounts", "imports_href": "/imports", "players_href": "/players"}


def test_an_owner_without_accounts_is_shown_every_way_to_begin(
    server: Double, page: Page, picture: Picture
) -> None:
    server.answer(OWN, top_list(0))
    server.answer("GET /v1/connections", {"connections": []})
    widget = embed(server, page, signed_in="", tokens=True, **WAYS)
    expect(widget.get_by_text("Your list starts here")).to_be_visible()
    for name, address in (
        ("Connect an account", "/accounts"),
        ("Import a history", "/imports"),
        ("Set up a player", "/players"),
    ):
        expect(widget.get_by_role("link", name=name)).to_have_attribute("href", address)
    assert violations(page) == []
    picture("state-first")


def test_the_list_fills_by_itself_once_the_first_plays_are_read(
    server: Double, page: Page, picture: Picture
) -> None:
    stop_the_clock(page)
    server.answer(OWN, top_list(0), top_list(0), top_list(3))
    waiting = {"provider": "spotify", "status": "active", "crawled_through": None}
    server.answer("GET /v1/connections", {"connections": [waiting]})
    widget = embed(server, page, signed_in="", tokens=True, **WAYS)
    expect(widget.get_by_text("Your first plays are being read")).to_be_visible()
    picture("state-reading")
    page.clock.run_for(5_100)
    assert eventually(lambda: len(fired(page, "load")) == 2 or None, within=20)
    page.clock.run_for(10_100)
    expect(widget.get_by_role("listitem")).to_have_count(3)
    page.clock.run_for(600_000)
    assert len(server.calls(OWN)) == 3
    page.clock.resume()
    assert violations(page) == []
