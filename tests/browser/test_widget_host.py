"""What a host gives the widget: tokens, a theme, a language, a container."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.double import Double, Reply
from tests.browser.embedding import TOKENS, Picture, embed, fired, violations
from tests.browser.lists import top_list

FRIEND = "GET /v1/users/ada/top"
PUBLIC = "GET /v1/public/users/ada/top"
OWN = "GET /v1/me/top"


def test_a_token_is_sent_and_never_shown(server: Double, page: Page) -> None:
    server.answer(FRIEND, top_list(3))
    widget = embed(server, page, user="ada", signed_in="", tokens=True)
    expect(widget.get_by_role("listitem")).to_have_count(3)
    [asked] = server.calls(FRIEND)
    assert asked.token == TOKENS[0]
    everything = page.evaluate(
        "document.querySelector('top-songs').outerHTML"
        " + document.querySelector('top-songs').shadowRoot.innerHTML + location.href"
        " + JSON.stringify(fired)"
    )
    assert "not-a-real-token" not in everything
    assert not any("token" in value for one in server.asked for value in one.query.values())
    assert [one for one in server.asked if "/public/" in one.path] == []


def test_a_token_requested_with_the_page_is_not_requested_again(server: Double, page: Page) -> None:
    server.answer("GET /session/token", {"token": TOKENS[0]})
    server.answer(FRIEND, top_list(3))
    give = "async () => (await (await fetch('/session/token')).json()).token"
    html = (
        '<!doctype html><html lang="en"><title>Preloaded</title>'
        '<link rel="preload" href="/session/token" as="fetch" crossorigin>'
        '<script type="module" src="/embed/top-songs.js"></script>'
        f'<top-songs api="{server.address}" user="ada" signed-in></top-songs>'
        f"<script>document.querySelector('top-songs').getToken = {give}</script></html>"
    )
    page.goto(server.page("/preloaded", html))
    expect(page.get_by_role("listitem")).to_have_count(3)
    assert [one.token for one in server.calls(FRIEND)] == [TOKENS[0]]
    assert len(server.calls("GET /session/token")) == 1


def test_after_a_401_one_fresh_token_is_requested(server: Double, page: Page) -> None:
    server.answer(FRIEND, Reply({}, 401), Reply(top_list(3)))
    widget = embed(server, page, user="ada", signed_in="", tokens=True)
    expect(widget.get_by_role("listitem")).to_have_count(3)
    assert [one.token for one in server.calls(FRIEND)] == list(TOKENS[:2])
    assert page.evaluate("handedOut") == [False, True]


def test_a_second_401_shows_the_signed_out_state(server: Double, page: Page) -> None:
    server.answer(FRIEND, Reply({}, 401))
    widget = embed(server, page, user="ada", signed_in="", tokens=True)
    expect(widget.get_by_text("Sign in again to see this list.")).to_be_visible()
    assert len(server.calls(FRIEND)) == 2
    assert fired(page, "error") == [{"kind": "signed-out"}]


@pytest.mark.parametrize("callback", ["() => { throw new Error('x') }", "() => ''"])
def test_a_host_without_a_token_shows_the_signed_out_state(
    server: Double, page: Page, callback: str
) -> None:
    widget = embed(server, page, user="ada", signed_in="")
    expect(widget.locator(".skeleton")).to_be_visible()
    widget.evaluate(f"element => element.getToken = {callback}")
    expect(widget.get_by_text("Sign in again to see this list.")).to_be_visible()
    assert server.calls(FRIEND) == []


def test_the_callers_own_list_needs_no_user_attribute(server: Double, page: Page) -> None:
    server.answer(OWN, top_list(3))
    embed(server, page, k="3", tokens=True, **{"as": "stranger"})
    expect(page.get_by_role("listitem")).to_have_count(3)
    assert server.calls(OWN)[0].query == {"k": "3", "as": "stranger"}


def test_a_user_id_cannot_change_the_request_path(server: Double, page: Page) -> None:
    embed(server, page, user="../me/top?x=", tokens=True)
    expect(page.get_by_text("This list is not available.")).to_be_visible()
    paths = [one.path for one in server.asked if one.path.startswith("/v1")]
    assert set(paths) == {"/v1/users/..%2Fme%2Ftop%3Fx%3D/top"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_two_themes_and_enough_contrast_in_both(
    server: Double, page: Page, theme: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    server.answer("GET /v1/public/users/ada/top", top_list(6, stale=True))
    by_attribute = embed(server, page, user="ada", theme=theme)
    expect(by_attribute.get_by_role("listitem")).to_have_count(6)
    colours = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 28)"}
    expect(by_attribute.locator("section")).to_have_css("background-color", colours[theme])
    assert violations(page) == []
    by_attribute.evaluate("element => element.removeAttribute('theme')")
    expect(by_attribute.locator("section")).to_have_css("background-color", colours[scheme])
    assert violations(page) == []


def test_a_host_sets_its_own_colours_and_parts(server: Double, page: Page) -> None:
    server.answer("GET /v1/public/users/ada/top", top_list(2))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_role("listitem")).to_have_count(2)
    page.add_style_tag(
        content="top-songs { --top-songs-surface: rgb(1, 2, 3) }"
        "top-songs::part(rank) { color: rgb(4, 5, 6) }"
    )
    expect(widget.locator("section")).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(widget.locator(".rank").first).to_have_css("color", "rgb(4, 5, 6)")


def test_a_theme_is_a_few_custom_properties(server: Double, page: Page, picture: Picture) -> None:
    server.answer("GET /v1/public/users/ada/top", top_list(4))
    widget = embed(server, page, user="ada", heading="On repeat", theme="dark")
    page.add_style_tag(
        content="""top-songs {
          --top-songs-surface: #2b1236; --top-songs-raised: #42204f; --top-songs-line: #512a60;
          --top-songs-ink: #fdf1ff; --top-songs-muted: #d7b3e2; --top-songs-accent: #ffb3d1;
          --top-songs-up: #7ff0c4; --top-songs-down: #ffb08f; --top-songs-radius: 28px;
          --top-songs-cover-radius: 50%; --top-songs-font: Georgia, serif;
        }"""
    )
    expect(widget.locator("section")).to_have_css("border-radius", "28px")
    assert violations(page) == []
    picture("themed")


def test_the_keyboard_reaches_every_song_and_shows_where_it_is(server: Double, page: Page) -> None:
    server.answer("GET /v1/public/users/ada/top", top_list(3))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_role("listitem")).to_have_count(3)
    for rank in (1, 2, 3):
        page.keyboard.press("Tab")
        link = widget.get_by_role("link").nth(rank - 1)
        expect(link).to_be_focused()
        ring = link.evaluate("link => getComputedStyle(link, '::after').outlineStyle")
        assert ring == "solid"


def test_it_uses_the_language_of_its_container(server: Double, page: Page) -> None:
    page.clock.set_fixed_time("2026-11-20T09:00:00Z")
    server.answer("GET /v1/public/users/ada/top", top_list(2, stale=True))
    widget = embed(server, page, user="ada", language="de-AT")
    expect(widget.get_by_text("Stand: Dienstag")).to_be_visible()
    expect(widget.get_by_role("heading", name="Diese Woche am meisten gehört")).to_be_visible()
    widget.evaluate("element => element.words = { heading: 'Meine Woche' }")
    expect(widget.get_by_role("heading", name="Meine Woche")).to_be_visible()


LANGUAGES = {
    "en": "Most played this week",
    "de": "Diese Woche am meisten gehört",
    "es": "Lo más escuchado esta semana",
    "pt-BR": "Mais ouvidas nesta semana",
    "fr": "Le plus écouté cette semaine",
    "hi": "इस हफ़्ते सबसे ज़्यादा सुने गए",
    "ja": "今週よく聴いた曲",
    "ar": "الأكثر استماعًا هذا الأسبوع",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_loaded_when_it_is_used(
    server: Double, page: Page, language: str
) -> None:
    server.answer("GET /v1/public/users/ada/top", top_list(3))
    direction = "rtl" if language == "ar" else "ltr"
    widget = embed(server, page, user="ada", language=language, direction=direction, with_switch="")
    expect(widget.get_by_role("heading", name=LANGUAGES[language])).to_be_visible()
    expect(widget.get_by_role("listitem")).to_have_count(3)
    loaded = [one.path for one in server.asked if "-words-" in one.path]
    assert len(loaded) == (0 if language == "en" else 1)
    assert violations(page) == []


def test_the_language_can_be_set_as_a_property(server: Double, page: Page) -> None:
    server.answer("GET /v1/public/users/ada/top", top_list(3))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_role("heading", name="Most played this week")).to_be_visible()
    widget.evaluate("element => element.lang = 'fr'")
    expect(widget.get_by_role("heading", name="Le plus écouté cette semaine")).to_be_visible()


def test_without_its_phrases_a_list_is_in_english(server: Double, page: Page) -> None:
    page.route("**/*-words-*", lambda route: route.abort())
    server.answer("GET /v1/public/users/ada/top", top_list(3))
    widget = embed(server, page, user="ada", language="fr")
    expect(widget.get_by_role("heading", name="Most played this week")).to_be_visible()
    expect(widget.get_by_role("listitem")).to_have_count(3)


def test_a_list_is_shared_as_a_link_and_if_public_as_a_picture(
    server: Double, page: Page, context: BrowserContext
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    server.answer("GET /v1/public/users/ada/top", top_list(3))
    server.answer("GET /v1/users/ada/top.png", Reply("", 404), Reply("png"))
    widget = embed(server, page, user="ada", share_href="/people/ada")
    share = widget.get_by_role("button", name="Share")
    share.click()
    copy = widget.get_by_role("button", name="Copy link")
    expect(copy).to_be_focused()
    assert violations(page) == []
    copy.click()
    expect(widget.get_by_text("Link copied").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{server.address}/people/ada"
    expect(widget.get_by_role("link", name="Save picture")).to_have_count(0)
    page.keyboard.press("Escape")
    share.click()
    picture = widget.get_by_role("link", name="Save picture")
    expect(picture).to_have_attribute("download", "top-songs.png")
    assert server.calls("GET /v1/users/ada/top.png")[0].query == {"size": "story"}


def test_in_right_to_left_pages_the_rank_is_on_the_right(
    server: Double, page: Page, picture: Picture
) -> None:
    server.answer("GET /v1/public/users/ada/top", top_list(4))
    widget = embed(server, page, user="ada", direction="rtl", heading="أكثر الأغاني استماعا")
    row = widget.get_by_role("listitem").nth(1)
    rank, plays = row.locator(".rank").bounding_box(), row.locator(".plays").bounding_box()
    assert rank is not None
    assert plays is not None
    assert rank["x"] > plays["x"]
    phrase = row.locator(".plays bdi")
    assert phrase.evaluate("bdi => bdi.matches(':dir(ltr)')"), "English, whatever is around it"
    assert violations(page) == []
    picture("right-to-left")


def test_reduced_motion_disables_animations(server: Double, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    widget = embed(server, page, user="ada", signed_in="")
    expect(widget.locator(".bone").first).to_have_css("animation-name", "none")


def test_it_works_under_a_strict_content_security_policy(server: Double, page: Page) -> None:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " require-trusted-types-for 'script'; trusted-types lit-html"
    )
    html = (
        f'<!doctype html><html lang="en"><title>Strict</title><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<script type="module" src="/embed/top-songs.js"></script>'
        f'<top-songs api="{server.address}" user="ada"></top-songs></html>'
    )
    server.answer("GET /v1/public/users/ada/top", top_list(3))
    page.goto(server.page("/strict", html))
    expect(page.get_by_role("listitem")).to_have_count(3)
    expect(page.locator("top-songs li").first).to_have_css("display", re.compile("grid"))


def test_the_snippets_digest_matches_the_script(server: Double, page: Page, build: object) -> None:
    server.answer("GET /v1/public/users/ada/top", top_list(1))
    integrity = page.request.get(f"{server.address}/integrity.json").json()["top-songs"]
    html = (
        f'<!doctype html><html lang="en"><title>Digest</title>'
        f'<script type="module" src="/{integrity["file"]}" crossorigin'
        f' integrity="{integrity["integrity"]}"></script>'
        f'<top-songs api="{server.address}" user="ada"></top-songs></html>'
    )
    page.goto(server.page("/digest", html))
    expect(page.get_by_role("listitem")).to_have_count(1)


def test_the_list_shows_the_name_and_portrait_that_the_host_sent(
    server: Double, page: Page
) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'
    server.answer("GET /ada.svg", Reply(picture, headers={"content-type": "image/svg+xml"}))
    told = top_list(3, name="Ada Lindqvist", portrait=f"{server.address}/ada.svg")
    server.answer(PUBLIC, told)
    widget = embed(server, page, user="ada")
    expect(page.get_by_role("heading", name="Ada Lindqvist")).to_be_visible()
    expect(widget.get_by_text("Most played this week")).to_be_visible()
    expect(widget.locator("[part=portrait]")).to_be_visible()
    assert len(server.calls("GET /ada.svg")) == 1
    assert violations(page) == []


def test_the_hosts_own_heading_stands_above_the_name(server: Double, page: Page) -> None:
    server.answer(PUBLIC, top_list(3, name="Ada Lindqvist", portrait="javascript:alert(1)"))
    widget = embed(server, page, user="ada", heading="Songs")
    expect(page.get_by_role("heading", name="Songs", exact=True)).to_be_visible()
    expect(widget.locator("[part=portrait]")).to_have_count(0)


def test_songs_open_at_the_service_that_the_host_names(server: Double, page: Page) -> None:
    server.answer(PUBLIC, top_list(3))
    embed(server, page, user="ada", service="apple_music")
    expect(page.get_by_role("listitem")).to_have_count(3)
    assert server.calls(PUBLIC)[0].query == {"k": "10", "service": "apple_music"}
