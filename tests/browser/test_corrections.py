"""Corrections on the user's own list: a menu in each row, and an undo for each correction."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.double import Double, Reply
from tests.browser.embedding import TOKENS, violations
from tests.browser.lists import song, top_list
from tests.waiting import eventually

MADE = {
    "correction_id": "c" * 16,
    "kind": "not_me",
    "made_at": 1763337600,
    "songs": [{"song_ids": ["song-1"], "title": "Paper Lanterns", "singers": ["Mara Quill"]}],
    "since": 1762732800,
    "until": 1763337600,
    "provider": None,
}
CALL = "/v1/me/corrections"
OFFERED = [
    "Hide from others",
    "Not me",
    "Merge with…",
    "These are different songs…",
    "Delete its plays",
]


@pytest.fixture
def own(server: Double, page: Page) -> Page:
    """The user's own list on the profile page, without corrections."""
    server.answer("GET /config.json", {"api": server.address, "sign_in": "/sign-in"})
    server.answer("GET /session/token", {"token": TOKENS[0]})
    server.answer(
        "GET /v1/me/top",
        top_list(songs=[song(1, providers=["spotify", "lastfm"]), song(2, providers=["spotify"])]),
    )
    server.answer(f"GET {CALL}", {"corrections": []}, {"corrections": [MADE]}, {"corrections": []})
    server.answer(f"POST {CALL}", Reply(MADE, 201))
    server.answer(f"DELETE {CALL}/{'c' * 16}", Reply(None, 204))
    page.goto(f"{server.address}/index.html")
    expect(opener(page)).to_be_visible()
    return page


def opener(page: Page, title: str = "Paper Lanterns") -> Locator:
    return page.get_by_role("button", name=f"More for {title}")


def choose(page: Page, item: str, title: str = "Paper Lanterns") -> None:
    opener(page, title).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def is_beside(message: Locator, action: Locator) -> bool:
    """Whether the message is below the action, within a row's height, and in the window."""
    found, wanted = message.bounding_box(), action.bounding_box()
    assert found is not None
    assert wanted is not None
    return 0 <= found["y"] - wanted["y"] <= 160


def sent(server: Double) -> list[Any]:
    return [one.body for one in server.calls(f"POST {CALL}")]


@pytest.mark.parametrize(
    ("item", "of"), [("Not me", {}), ("Not me on Last.fm", {"provider": "lastfm"})]
)
def test_plays_of_a_song_are_disowned_and_that_is_undone(
    own: Page, server: Double, item: str, of: dict[str, str]
) -> None:
    choose(own, item)
    message = own.locator("list-corrections .message")
    expect(message).to_contain_text("Done. You can undo it.")
    assert is_beside(message, opener(own))
    window = {"since": 1762732800, "until": 1763337600}
    assert sent(server) == [{"kind": "not_me", "song_id": "song-1", **window, **of}]
    reads = len(server.calls("GET /v1/me/top"))
    undo = message.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(own.get_by_role("button", name="Undo: Not me: Paper Lanterns")).to_be_visible()
    assert violations(own) == []
    undo.click()
    expect(own.get_by_text("Undone.")).to_be_visible()
    expect(own.get_by_role("button", name="Undo: Not me: Paper Lanterns")).to_have_count(0)
    assert len(server.calls(f"DELETE {CALL}/{'c' * 16}")) == 1
    assert len(server.calls("GET /v1/me/top")) > reads, "the list is read again"


def test_a_song_of_one_account_offers_no_choice_of_accounts(own: Page) -> None:
    opener(own, "Salt and Static").click()
    expect(own.get_by_role("menuitem", name="Not me", exact=True)).to_be_visible()
    offered = own.locator("song-menu").nth(1).locator("[role=menuitem]")
    expect(offered).to_have_text(OFFERED)


def test_a_song_is_hidden_in_its_row_and_that_is_undone(own: Page, server: Double) -> None:
    path = "/v1/me/hidden/songs/song-1"
    server.answer(f"PUT {path}", Reply(None, 204))
    server.answer(f"DELETE {path}", Reply(None, 204))
    choose(own, "Hide from others")
    message = own.locator("list-corrections .message")
    expect(message).to_contain_text("Others no longer see Paper Lanterns.")
    assert is_beside(message, opener(own))
    assert len(server.calls(f"PUT {path}")) == 1
    message.get_by_role("button", name="Undo").click()
    expect(message).to_contain_text("Others see Paper Lanterns again.")
    assert len(server.calls(f"DELETE {path}")) == 1
    assert violations(own) == []


def test_a_deletion_can_be_undone_before_it_is_sent(own: Page, server: Double) -> None:
    path = "/v1/me/plays/songs/song-1"
    server.answer(f"DELETE {path}", Reply(None, 204))
    own.clock.install()
    choose(own, "Delete its plays")
    message = own.locator("list-corrections .message")
    expect(message).to_contain_text("The plays of Paper Lanterns are deleted in a few seconds.")
    message.get_by_role("button", name="Undo").click()
    expect(message).to_contain_text("Undone.")
    own.clock.run_for(20_000)
    assert server.calls(f"DELETE {path}") == []
    choose(own, "Delete its plays")
    expect(message).to_contain_text("are deleted in a few seconds.")
    own.clock.run_for(10_100)
    expect(message).to_have_count(0)
    assert len(server.calls(f"DELETE {path}")) == 1


def test_a_deletion_is_sent_when_the_page_is_left(own: Page, server: Double) -> None:
    path = "/v1/me/plays/songs/song-1"
    server.answer(f"DELETE {path}", Reply(None, 204))
    choose(own, "Delete its plays")
    expect(own.locator("list-corrections .message")).to_be_visible()
    own.goto(f"{server.address}/accounts.html")
    assert eventually(lambda: len(server.calls(f"DELETE {path}")) == 1 or None, within=20)


def test_a_rate_limit_is_named_beside_the_song(own: Page, server: Double) -> None:
    server.answer(f"POST {CALL}", Reply({}, 429, {"retry-after": "120"}))
    choose(own, "Not me")
    message = own.locator("list-corrections .message")
    expect(message).to_contain_text("Too many requests. Try again in 2 minutes.")
    expect(message).to_be_focused()
    assert is_beside(message, opener(own))


def test_two_songs_are_merged(own: Page, server: Double) -> None:
    choose(own, "Merge with…")
    dialog = own.get_by_role("dialog", name="Which song is the same?")
    expect(dialog.get_by_label("Paper Lanterns by Mara Quill")).to_have_count(0)
    assert violations(own) == []
    dialog.get_by_role("button", name="Merge").click()
    assert sent(server) == [], "nothing is chosen yet"
    dialog.get_by_label("Salt and Static by The Low Tides").click()
    dialog.get_by_role("button", name="Merge").click()
    expect(own.get_by_text("Done.")).to_be_visible()
    assert sent(server) == [{"kind": "merge", "song_ids": ["song-1", "song-2"]}]


def test_a_spelling_is_set_apart(own: Page, server: Double) -> None:
    spellings = [
        {"spelling_id": name * 16, "title": title, "singers": ["Mara Quill"], "reports": 3}
        for name, title in (("a", "Paper Lanterns"), ("b", "Paper Lanterns (Live)"))
    ]
    server.answer("GET /v1/me/songs/song-1/spellings", {"spellings": spellings})
    choose(own, "These are different songs…")
    dialog = own.get_by_role("dialog", name="Which of these is another song?")
    assert violations(own) == []
    for name in ("Paper Lanterns by Mara Quill", "Paper Lanterns (Live) by Mara Quill"):
        dialog.get_by_label(name).click()
    dialog.get_by_role("button", name="Set apart").click()
    assert sent(server) == [], "one spelling has to stay"
    dialog.get_by_label("Paper Lanterns by Mara Quill").click()
    dialog.get_by_role("button", name="Set apart").click()
    expect(own.get_by_text("Done.")).to_be_visible()
    assert sent(server) == [{"kind": "split", "song_id": "song-1", "spellings": ["b" * 16]}]


def test_a_song_of_one_spelling_cannot_be_split(own: Page, server: Double) -> None:
    one = {"spelling_id": "a" * 16, "title": "Paper Lanterns", "singers": [], "reports": 3}
    server.answer("GET /v1/me/songs/song-1/spellings", {"spellings": [one]})
    choose(own, "These are different songs…")
    dialog = own.get_by_role("dialog", name="Which of these is another song?")
    expect(dialog.get_by_text("All its plays have the same title and artists.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Set apart")).to_have_count(0)
    dialog.get_by_role("button", name="Cancel").click()
    expect(opener(own)).to_be_focused()


def test_the_menu_works_by_keyboard_alone(own: Page, server: Double) -> None:
    opener(own).focus()
    own.keyboard.press("Enter")
    items = own.locator("song-menu").first.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    for key, focused in (
        ("ArrowDown", 1),
        ("End", -1),
        ("ArrowDown", 0),
        ("ArrowUp", -1),
        ("Home", 0),
    ):
        own.keyboard.press(key)
        expect(items.nth(focused)).to_be_focused()
    own.keyboard.press("Escape")
    expect(opener(own)).to_be_focused()
    expect(opener(own)).to_have_attribute("aria-expanded", "false")
    own.keyboard.press("Enter")
    own.keyboard.press("ArrowDown")
    own.keyboard.press("Enter")
    undo = own.locator("list-corrections .message").get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    assert len(sent(server)) == 1


def test_a_refused_correction_says_so_and_changes_nothing(own: Page, server: Double) -> None:
    server.answer(f"POST {CALL}", Reply({}, 409))
    choose(own, "Not me")
    expect(own.get_by_text("That did not work.")).to_be_visible()


@pytest.mark.parametrize("width", [360, 900])
def test_an_open_menu_fits_the_window_and_is_accessible(own: Page, width: int) -> None:
    own.set_viewport_size({"width": width, "height": 640})
    opener(own).click()
    box = own.get_by_role("menu").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert own.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(own) == []


def test_the_list_of_another_user_has_no_menu(server: Double, page: Page) -> None:
    server.answer("GET /config.json", {"api": server.address})
    server.answer("GET /session/token", {"token": TOKENS[0]})
    server.answer("GET /v1/users/bo/top", top_list(2, user_id="bo"))
    server.answer("GET /v1/public/users/bo/top", top_list(2, user_id="bo"))
    page.goto(f"{server.address}/index.html?user=bo")
    expect(page.get_by_text("Paper Lanterns")).to_be_visible()
    expect(page.locator("song-menu")).to_have_count(0)
    assert server.calls(f"GET {CALL}") == []
