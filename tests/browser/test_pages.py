"""The pages of the signed-in user: accounts, people, privacy, profile."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.browser.double import Double, Reply
from tests.browser.embedding import TOKENS, violations
from tests.browser.lists import song, top_list

Open = Callable[[str], Page]
CONNECTIONS = {
    "connections": [
        {"provider": "spotify", "status": "active", "crawled_through": 1763960000},
        {"provider": "lastfm", "status": "reauth_required", "attention": "reauth_required"},
    ]
}

TOKENS_OF_PLAYERS = {
    "tokens": [
        {"token_id": "a" * 64, "kind": "token", "name": "Living room", "last_used_at": None},
        {"token_id": "b" * 64, "kind": "session", "name": "Last.fm player", "last_used_at": 9},
    ],
    "plays_today": 2,
    "listenbrainz_url": "https://api.example",
    "lastfm_url": "https://api.example/2.0/",
    "audioscrobbler_url": "https://api.example/audioscrobbler/",
    "lastfm_api_key": "fake-key",
    "lastfm_shared_secret": "fake-secret",
}


IMPORTS = {
    "imports": [
        {
            "import_id": "c0ffee",
            "file_name": "my_spotify_data.zip",
            "status": "done",
            "files": 1,
            "files_done": 1,
            "receipt": {
                "read": 12,
                "new": 7,
                "known": 1,
                "too_short": 0,
                "outside_window": 0,
                "not_songs": {"podcast": 2},
                "unreadable": {"time": 2},
                "examples": {"time": ["never · Paper Boats"]},
                "files": [{"name": "b.json", "format": None, "records": 0, "fault": "cut_off"}],
            },
        }
    ]
}
REQUESTS = {
    "received": [{"user_id": "cy", "asked_at": 1763960000}],
    "sent": [{"user_id": "di", "asked_at": 1763960000}],
    "cursor": None,
}
FOLLOWERS = {
    "followers": [{"user_id": "bo", "since": 1763960000}, {"user_id": "ed", "since": None}],
    "cursor": None,
}


@pytest.fixture
def opened(server: Double, page: Page) -> Open:
    """Opens a page of the site as a signed-in user with all kinds of data."""
    server.answer(
        "GET /config.json",
        {"api": server.address, "sign_in": "/sign-in", "names": "session/names"},
    )
    server.answer("GET /session/names", {"bo": "Bo Marsh", "cy": "Cy Aster"})
    server.answer("GET /session/token", {"token": TOKENS[0]}, {"token": TOKENS[1]})
    server.answer("GET /v1/connections", CONNECTIONS)
    server.answer("GET /v1/me/tokens", TOKENS_OF_PLAYERS)
    server.answer("GET /v1/me/imports", IMPORTS)
    server.answer("GET /v1/me/top", top_list(4))
    server.answer("GET /v1/me", {"user_id": "ada", "visibility": "followers", "follows": "request"})
    server.answer("GET /v1/me/hidden", {"songs": [], "providers": ["youtube"]})
    server.answer("GET /v1/me/corrections", {"corrections": []})
    server.answer("GET /v1/me/following/top", {"lists": [top_list(3, user_id="bo")], "cursor": ""})
    common = song(1, listen_count=None, listeners_at_least=3)
    server.answer("GET /v1/me/following/songs", {"songs": [common]})

    server.answer("GET /v1/me/requests", REQUESTS)
    server.answer("GET /v1/me/followers", FOLLOWERS)

    def open_(name: str) -> Page:
        page.goto(f"{server.address}/{name}.html")
        return page

    return open_


def entry(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.locator("strong", has_text=name))


ELEMENT = {
    "accounts": "connected-accounts",
    "scrobblers": "my-scrobblers",
    "people": "followed-lists",
    "followers": "my-followers",
    "privacy": "privacy-settings",
}
ENGLISH_NAMES = {"Music accounts", "Scrobblers", "People I follow", "Followers", "Privacy", None}
SIGNS = {
    "index": "Paper Lanterns",
    "accounts": "It needs you to sign in again.",
    "scrobblers": "2 plays today",
    "people": "Together",
    "followers": "Requests to follow you",
    "privacy": "Who sees your list",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SIGNS)
def test_every_page_is_accessible_and_fits_a_phone(
    opened: Open, page: Page, name: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 360, "height": 800})
    opened(name)
    expect(page.get_by_text(SIGNS[name]).first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("name", SIGNS)
def test_a_signed_out_visitor_is_offered_to_sign_in(
    opened: Open, server: Double, page: Page, name: str
) -> None:
    server.answer("GET /session/token", Reply({}, 401))
    opened(name)
    expect(page.get_by_role("link", name="Sign in")).to_have_attribute("href", "/sign-in")
    assert violations(page) == []


@pytest.mark.parametrize("name", ["accounts", "scrobblers", "people", "followers", "privacy"])
def test_an_unavailable_api_shows_a_clear_message(
    opened: Open, server: Double, page: Page, name: str
) -> None:
    for call in (
        "GET /v1/connections",
        "GET /v1/me/tokens",
        "GET /v1/me/following/top",
        "GET /v1/me",
    ):
        server.answer(call, Reply("<h1>no", 502))
    opened(name)
    expect(page.get_by_text("This cannot be reached at the moment.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert violations(page) == []


def test_lists_of_others_show_their_age_alone(opened: Open, server: Double, page: Page) -> None:
    known = {"complete_days": 6, "of_days": 7}
    server.answer(
        "GET /v1/me/following/top", {"lists": [top_list(3, stale=True, completeness=known)]}
    )
    opened("people")
    expect(page.get_by_text("of 7 days")).to_have_count(0)
    expect(page.get_by_text("As of")).to_be_visible()
    assert server.calls("GET /v1/me/following/top")[0].query == {"k": "5"}
    assert violations(page) == []


def test_people_are_called_by_the_names_that_the_host_tells(
    opened: Open, server: Double, page: Page
) -> None:
    lists = [top_list(3, user_id="bo"), top_list(3, user_id="unnamed")]
    server.answer("GET /v1/me/following/top", {"lists": lists, "cursor": ""})
    opened("people")
    expect(page.get_by_role("heading", name="Bo Marsh")).to_be_visible()
    expect(page.get_by_role("heading", name="Somebody you know")).to_be_visible()
    expect(page.get_by_text("unnamed")).to_have_count(0)
    expect(page.get_by_text("Each played by 3 or more of them")).to_be_visible()
    expect(page.get_by_text("3+ people")).to_have_count(0)
    [asked] = server.calls("GET /session/names")
    assert asked.query == {"user": "unnamed"}, "all of a page at once; the last of `user` is kept"


def test_connecting_follows_the_apis_authorize_url(
    opened: Open, server: Double, page: Page
) -> None:
    consent = server.page("/consent", "<!doctype html><title>Consent</title>")
    server.answer("POST /v1/connections/youtube", {"authorize_url": consent}, status=201)
    opened("accounts").get_by_role("button", name="Connect YouTube").click()
    page.wait_for_url(consent)
    [asked] = server.calls("POST /v1/connections/youtube")
    assert asked.body == {"return_to": f"{server.address}/accounts.html"}
    assert asked.token == TOKENS[0]


def test_a_denied_consent_is_reported(opened: Open) -> None:
    page = opened("accounts")
    page.goto(f"{page.url}?provider=youtube&connect_error=access_denied")
    expect(page.get_by_text("YouTube was not connected.")).to_be_visible()


@pytest.mark.parametrize("name", ["Call_555_0100_to_unlock_your_account", "constructor"])
def test_a_link_puts_no_words_of_its_own_on_the_page(opened: Open, name: str) -> None:
    page = opened("accounts")
    page.goto(f"{page.url}?provider={name}&connect_error=access_denied")
    expect(page.get_by_text("The account was not connected.")).to_be_visible()
    expect(page.get_by_text("unlock your account")).to_have_count(0)


@pytest.mark.parametrize(
    ("button", "query"), [("Keep its plays", {}), ("Delete its plays too", {"plays": "delete"})]
)
def test_disconnecting_asks_whether_to_delete_the_plays(
    opened: Open, server: Double, button: str, query: dict[str, str]
) -> None:
    server.answer("DELETE /v1/connections/spotify", Reply(None, 204))
    page = opened("accounts")
    entry(page, "Spotify").get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("dialog", name="Disconnect Spotify?")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Disconnected.")).to_be_visible()
    [asked] = server.calls("DELETE /v1/connections/spotify")
    assert asked.query == query


def test_plays_that_must_be_deleted_cannot_be_kept(
    opened: Open, server: Double, page: Page
) -> None:
    one = {"provider": "spotify", "status": "active", "plays_deleted_on_disconnect": True}
    server.answer("GET /v1/connections", {"connections": [one]})
    entry(opened("accounts"), "Spotify").get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("Its terms require that its plays are deleted too.")).to_be_visible()
    expect(page.get_by_role("button", name="Keep its plays")).to_have_count(0)
    assert violations(page) == []


def test_an_account_that_may_not_be_mixed_says_that_it_does_not_count(
    opened: Open, server: Double
) -> None:
    both = [
        {"provider": name, "status": "active", "counted": name == "lastfm"}
        for name in ("spotify", "lastfm")
    ]
    server.answer("GET /v1/connections", {"connections": both})
    page = opened("accounts")
    reason = "Its plays do not count while another account is connected"
    expect(entry(page, "Spotify").get_by_text(reason)).to_be_visible()
    expect(entry(page, "Last.fm").get_by_text(reason)).to_have_count(0)
    assert violations(page) == []


@pytest.mark.parametrize(
    ("button", "call", "done"),
    [
        ("Accept Cy Aster", "PUT /v1/me/followers/cy", "Accepted."),
        ("Decline Cy Aster", "DELETE /v1/me/requests/cy", "Declined."),
        ("Remove Bo Marsh", "DELETE /v1/me/followers/bo", "Removed."),
        ("Withdraw di", "DELETE /v1/me/following/di", "Withdrawn."),
    ],
)
def test_requests_are_answered_and_followers_removed(
    opened: Open, server: Double, button: str, call: str, done: str
) -> None:
    server.answer(call, Reply(None, 204))
    page = opened("followers")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text(done)).to_be_visible()
    assert len(server.calls(call)) == 1
    assert violations(page) == []


def test_a_follower_set_by_the_host_app_cannot_be_removed(opened: Open) -> None:
    page = opened("followers")
    expect(page.get_by_text("ed", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Remove ed")).to_have_count(0)


def test_no_requests_are_shown_where_the_host_app_decides(opened: Open, server: Double) -> None:
    server.answer("GET /v1/me", {"user_id": "ada", "visibility": "followers", "follows": "host"})
    page = opened("followers")
    expect(page.get_by_text("Bo Marsh", exact=True)).to_be_visible()
    expect(page.get_by_text("Requests to follow you")).to_have_count(0)


def test_further_followers_and_requests_are_on_the_next_page(opened: Open, server: Double) -> None:
    further = {"followers": [{"user_id": "flo", "since": None}], "cursor": None}
    server.answer("GET /v1/me/followers", {**FOLLOWERS, "cursor": "ed"}, further)
    page = opened("followers")
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_text("flo", exact=True)).to_be_visible()
    assert server.calls("GET /v1/me/followers")[-1].query == {"cursor": "ed"}


def test_the_visibility_can_be_changed(opened: Open, server: Double) -> None:
    server.answer("PATCH /v1/me", {"visibility": "private"})
    page = opened("privacy")
    expect(page.get_by_label("People who follow me")).to_be_checked()
    page.get_by_label("Only me").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_text("Only people who follow you see your list.")).to_be_visible()
    assert [one.body for one in server.calls("PATCH /v1/me")] == [{"visibility": "private"}]


def test_songs_and_providers_can_be_hidden_and_shown(opened: Open, server: Double) -> None:
    server.answer("PUT /v1/me/hidden/songs/song-1", Reply(None, 204))
    server.answer("DELETE /v1/me/hidden/providers/youtube", Reply(None, 204))
    page = opened("privacy")
    page.get_by_label("Paper Lanterns").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("YouTube")).not_to_be_checked()
    page.get_by_label("YouTube").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert len(server.calls("PUT /v1/me/hidden/songs/song-1")) == 1


def test_a_song_is_found_by_its_artist(opened: Open, server: Double) -> None:
    page = opened("privacy")
    page.get_by_label("Find a song").fill("low tides")
    expect(page.get_by_label("Salt and Static")).to_be_visible()
    expect(page.get_by_label("Paper Lanterns")).to_have_count(0)
    assert violations(page) == []


def test_a_notice_is_shown_where_the_action_was_and_has_the_focus(
    opened: Open, server: Double
) -> None:
    server.answer("GET /v1/me/export", {"plays": []})
    page = opened("privacy")
    page.set_viewport_size({"width": 360, "height": 500})
    button = page.get_by_role("button", name="Export everything")
    button.click()
    message = page.locator(".message")
    expect(message).to_be_focused()
    expect(message).to_be_in_viewport()
    expect(button).to_be_in_viewport()
    message.get_by_role("button", name="Close").click()
    expect(message).to_have_count(0)


@pytest.mark.parametrize("language", ["de", "es", "pt", "fr", "hi", "ja", "ar"])
@pytest.mark.parametrize("name", ["accounts", "scrobblers", "people", "followers", "privacy"])
def test_the_elements_speak_the_languages_of_pages(
    opened: Open, page: Page, name: str, language: str
) -> None:
    def translated(route: Route) -> None:
        page_ = route.fetch()
        direction = ' dir="rtl"' if language == "ar" else ""
        html = page_.text().replace('<html lang="en"', f'<html lang="{language}"{direction}')
        route.fulfill(response=page_, body=html)

    page.set_viewport_size({"width": 360, "height": 800})
    page.route(f"**/{name}.html", translated)
    opened(name)
    section = page.locator(f"{ELEMENT[name]} section").first
    expect(section).to_have_attribute("aria-busy", "false")
    assert section.get_attribute("aria-label") not in ENGLISH_NAMES
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_hidden_song_of_another_week_can_be_shown_again(opened: Open, server: Double) -> None:
    hidden = {"song_id": "old", "title": "Early Bus", "singers": []}
    server.answer("GET /v1/me/hidden", {"songs": [hidden], "providers": []})
    server.answer("DELETE /v1/me/hidden/songs/old", Reply(None, 204))
    page = opened("privacy")
    expect(page.get_by_label("Early Bus")).not_to_be_checked()
    page.get_by_label("Early Bus").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert len(server.calls("DELETE /v1/me/hidden/songs/old")) == 1


def test_the_list_is_shown_as_others_see_it(opened: Open, server: Double) -> None:
    page = opened("privacy")
    page.get_by_role("button", name="As a stranger").click()
    expect(page.locator("top-songs").get_by_role("listitem")).to_have_count(4)
    assert server.calls("GET /v1/me/top")[-1].query["as"] == "stranger"
    assert violations(page) == []


def test_all_data_can_be_exported(opened: Open, server: Double) -> None:
    server.answer("GET /v1/me/export", {"plays": [1]})
    page = opened("privacy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export everything").click()
    assert download.value.suggested_filename == "top-songs.json"


def test_a_large_export_is_downloaded_from_its_link(opened: Open, server: Double) -> None:
    lies = f"{server.address}/exports/1"
    server.answer("GET /v1/me/export", {"url": lies, "expires_at": 1763960000})
    attached = {"content-disposition": 'attachment; filename="mine.json"'}
    server.answer("GET /exports/1", Reply({"plays": [1]}, headers=attached))
    page = opened("privacy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export everything").click()
    assert download.value.url == lies


def test_an_export_too_soon_shows_when_to_retry(opened: Open, server: Double) -> None:
    server.answer("GET /v1/me/export", Reply({}, 429, {"retry-after": "290"}))
    page = opened("privacy")
    page.get_by_role("button", name="Export everything").click()
    expect(page.get_by_text("Too many requests. Try again in 5 minutes.")).to_be_visible()


def test_deleting_everything_must_be_confirmed(opened: Open, server: Double) -> None:
    server.answer("DELETE /v1/me", Reply({"receipt": "r", "progress": "running"}, 202))
    running, done = {"progress": "running"}, {"progress": "done"}
    server.answer("GET /v1/me/erasure/r", Reply({}, 503), Reply(running), Reply(done))
    page = opened("privacy")
    page.get_by_role("button", name="Delete everything").click()
    dialog = page.get_by_role("dialog", name="Delete everything?")
    assert violations(page) == []
    dialog.get_by_role("button", name="Delete everything").click()
    assert server.calls("DELETE /v1/me") == []
    dialog.get_by_role("textbox").fill("delete")
    dialog.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_text("Everything is being deleted.")).to_be_visible()
    expect(page.get_by_text("Everything is deleted.")).to_be_visible()
    expect(page.get_by_label("Only me")).to_have_count(0)
    assert violations(page) == []
    assert len(server.calls("DELETE /v1/me")) == 1


def test_a_receipt_says_what_became_of_each_record(opened: Open) -> None:
    page = opened("scrobblers")
    receipt = page.locator("section").filter(has_text="my_spotify_data.zip")
    for name, number in (("Records", "12"), ("New", "7"), ("Not songs", "2"), ("Unreadable", "2")):
        shown = receipt.get_by_text(name, exact=True).locator("xpath=following-sibling::dd[1]")
        expect(shown).to_have_text(number)
    expect(receipt.get_by_text("Too old")).to_have_count(0)
    expect(receipt.get_by_text("cut off")).to_be_visible()
    receipt.get_by_text("Unreadable records").click()
    expect(receipt.get_by_text("never · Paper Boats")).to_be_visible()
    assert violations(page) == []


def test_a_file_is_posted_with_the_signed_form_and_then_read(opened: Open, server: Double) -> None:
    form = {"url": f"{server.address}/bucket", "fields": [{"name": "key", "value": "imports/1"}]}
    server.answer("POST /v1/me/imports", {"import_id": "beef", "upload": form}, status=201)
    server.answer("POST /v1/me/imports/beef/start", {"import_id": "beef"}, status=202)
    page = opened("scrobblers")
    posted: list[str] = []

    def accept(route: Route) -> None:
        posted.append(route.request.headers["content-type"].partition(";")[0])
        route.fulfill(status=204)

    page.route("**/bucket", accept)
    history: FilePayload = {
        "name": "history.json",
        "mimeType": "application/json",
        "buffer": b"[]",
    }
    page.get_by_label("File").set_input_files(history)
    page.get_by_role("button", name="Upload and import").click()
    expect(page.get_by_text("Uploaded. The import runs without this page.")).to_be_visible()
    assert violations(page) == []
    [begun] = server.calls("POST /v1/me/imports")
    assert begun.body == {"file_name": "history.json"}
    assert posted == ["multipart/form-data"]
    assert len(server.calls("POST /v1/me/imports/beef/start")) == 1


def test_a_new_token_is_shown_once(opened: Open, server: Double) -> None:
    server.answer("POST /v1/me/tokens", {"token": "fake-new-token"}, status=201)
    page = opened("scrobblers")
    page.get_by_label("Where it is used").fill("Phone")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text("fake-new-token")).to_be_visible()
    assert violations(page) == []
    [asked] = server.calls("POST /v1/me/tokens")
    assert asked.body == {"name": "Phone"}
    page.reload()
    expect(page.get_by_text("2 plays today")).to_be_visible()
    expect(page.get_by_text("fake-new-token")).to_have_count(0)


def test_a_token_shows_its_last_use_and_is_revoked_after_a_question(
    opened: Open, server: Double
) -> None:
    server.answer(f"DELETE /v1/me/tokens/{'a' * 64}", Reply(None, 204))
    page = opened("scrobblers")
    expect(entry(page, "Living room").get_by_text("Never used")).to_be_visible()
    expect(entry(page, "Last.fm player").get_by_text("Last used")).to_be_visible()
    entry(page, "Living room").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("dialog", name="Revoke Living room?")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Revoked.")).to_be_visible()
