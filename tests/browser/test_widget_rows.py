"""The content of a row, which no provider's title can break."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.double import Double, Reply
from tests.browser.embedding import Picture, embed, fired, violations
from tests.browser.lists import song, top_list
from tests.screenshots import shoot

TALLEST = 700
LIST = "GET /v1/public/users/ada/top"
COVER = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/>'


def first_row(server: Double, page: Page, **told_of_it: Any) -> Locator:
    server.answer(LIST, top_list(songs=[song(1, **told_of_it), song(2), song(3), song(4)]))
    row = embed(server, page, user="ada").get_by_role("listitem").first
    expect(row).to_be_visible()
    return row


def test_a_row_shows_all_fields_of_a_song(server: Double, page: Page) -> None:
    row = first_row(server, page)
    for text in ("Paper Lanterns", "Mara Quill", "Night Ferry", "Apple Music"):
        expect(row.get_by_text(text)).to_be_visible()
    expect(row.get_by_text("56 plays, 3 weeks on top")).to_be_visible()
    link = row.get_by_role("link", name="Paper Lanterns (opens in a new tab)")
    expect(link).to_have_attribute("href", "https://music.example/1")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_the_providers_of_the_shown_songs_are_attributed(server: Double, page: Page) -> None:
    first_row(server, page, providers=["spotify", "a_partner"])
    line = page.locator("top-songs .attribution")
    expect(line.get_by_role("link", name="Spotify")).to_have_attribute(
        "href", "https://open.spotify.com"
    )
    expect(line.get_by_text("partner")).to_have_count(0)
    assert violations(page) == []


def test_only_what_moved_is_described(server: Double, page: Page) -> None:
    first_row(server, page)
    said = page.locator("top-songs .movement .unseen")
    expect(said).to_have_text(["Up 3", "New", "Down 1"])


def test_a_first_list_does_not_call_every_song_new(server: Double, page: Page) -> None:
    new = {"direction": "new", "places": 0}
    server.answer(LIST, top_list(songs=[song(rank, movement=new) for rank in (1, 2, 3)]))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_role("listitem")).to_have_count(3)
    expect(widget.locator(".movement")).to_have_count(0)


def test_the_list_tells_its_days_and_its_plays(server: Double, page: Page) -> None:
    server.answer(LIST, top_list(3))
    widget = embed(server, page, user="ada", language="en-GB")
    expect(widget.get_by_text(re.compile(r"^10\s?–\s?16 Nov$"))).to_be_visible()
    expect(widget.get_by_text(f"{56 + 51 + 46} plays", exact=True)).to_be_visible()


def test_artists_and_albums_are_rows_too(server: Double, page: Page) -> None:
    artists = [{"artist_id": "a" * 16, "name": "Mara Quill", "listen_count": 7, "providers": []}]
    server.answer(LIST, {"of": "artists", "artists": artists, "provisional": True})
    widget = embed(server, page, user="ada", of="artists", window="1y")
    expect(widget.get_by_text("Mara Quill")).to_be_visible()
    expect(widget.locator(".story")).to_have_text("7 plays")
    expect(widget.get_by_text("Most played artists in a year")).to_be_visible()
    expect(widget.get_by_text("Today so far")).to_be_visible()
    (asked,) = server.calls(LIST)
    assert (asked.query["of"], asked.query["window"]) == ("artists", "1y")
    albums = [{"album_id": "b" * 16, "title": "Night Ferry", "artist": "Mara Quill"}]
    server.answer(LIST, {"of": "albums", "albums": albums})
    page.evaluate("document.querySelector('top-songs').of = 'albums'")
    expect(widget.get_by_text("Night Ferry")).to_be_visible()
    expect(widget.get_by_text("Most played albums in a year")).to_be_visible()


def test_missing_fields_affect_nothing_else(server: Double, page: Page) -> None:
    server.answer(LIST, {"songs": [{"title": "Alone"}, {"no": "title"}, None, 7, {"title": 3}]})
    row = embed(server, page, user="ada").get_by_role("listitem")
    expect(row).to_have_count(1)
    expect(row.get_by_text("Alone")).to_be_visible()
    expect(row.get_by_role("link")).to_have_count(0)
    assert violations(page) == []


HOSTILE = {
    "markup": "<img src=x onerror=\"document.title='broken'\"><script>document.title='b'</script>",
    "override": "\u202egnos dab\u202e \u2066\u2067 unclosed",
    "long": "Lorem" * 100,
    "words": "la " * 170,
    "emoji": "\U0001f469‍\U0001f469‍\U0001f467‍\U0001f466\U0001f3b5" * 40,
    "stacked": "Z" + "\u0301\u0316\u0334" * 150,
    "arabic": "أغنية جميلة جدا",
    "template": "${alert(1)} {{x}} %s <!--",
    "control": "a\u0000b\u0007c\ud83d",
}


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_title_is_plain_text_and_breaks_no_row(
    server: Double, page: Page, title: str
) -> None:
    row = first_row(server, page, title=title, singers=[title], albums=[title])
    assert page.title() == "A host"
    expect(row.locator("script, img")).to_have_count(0)
    isolated = row.locator(".title bdi")
    assert isolated.evaluate("bdi => getComputedStyle(bdi).unicodeBidi") == "isolate"
    for width in (192, 320, 360, 700, 900, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        frame = page.locator("top-songs section").bounding_box()
        box = row.bounding_box()
        assert frame is not None
        assert box is not None
        assert frame["width"] <= width - 32
        for part in row.locator(".title, .meta, .by, .story").all():
            inner = part.bounding_box()
            if inner is not None:
                assert inner["x"] + inner["width"] <= box["x"] + box["width"]
        assert box["height"] <= TALLEST
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_titles_do_not_affect_each_other(
    server: Double, page: Page, picture: Picture
) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    songs = [
        song(rank, title=title, singers=[title], albums=[title])
        for rank, title in enumerate(HOSTILE.values(), 1)
    ]
    server.answer(LIST, top_list(songs=songs))
    widget = embed(server, page, user="ada")
    expect(widget.get_by_role("listitem")).to_have_count(len(HOSTILE))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    picture("hostile-titles")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://music.example/1", "data:text/html,x", "//x", 7, None]
)
def test_only_https_links_are_links(server: Double, page: Page, url: Any) -> None:
    row = first_row(server, page, url=url)
    expect(row.get_by_role("link")).to_have_count(0)


def test_a_cover_fills_its_space_without_layout_shift(server: Double, page: Page) -> None:
    server.answer("GET /cover", Reply(COVER + "</svg>", headers={"content-type": "image/svg+xml"}))
    page.set_viewport_size({"width": 600, "height": 900})
    row = first_row(server, page, thumbnail_image=f"{server.address}/cover")
    image = row.locator("img")
    expect(image).to_have_js_property("complete", True)
    box = image.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] == 144, "its space, whatever the image's size"


def test_the_first_place_takes_the_colour_of_its_cover(server: Double, page: Page) -> None:
    shared = {"content-type": "image/svg+xml", "access-control-allow-origin": "*"}
    red = COVER.replace("<rect", "<rect fill='rgb(200,0,0)'") + "</svg>"
    server.answer("GET /cover", Reply(red, headers=shared))
    row = first_row(server, page, thumbnail_image=f"{server.address}/cover")
    page.wait_for_function(
        "document.querySelector('top-songs').shadowRoot.querySelector('li').style"
        ".getPropertyValue('--tone') === 'hsl(0 80% 50%)'"
    )
    expect(row.locator("img")).to_be_visible()
    assert violations(page) == []


def test_a_missing_cover_shows_a_placeholder(server: Double, page: Page) -> None:
    row = first_row(server, page, thumbnail_image=f"{server.address}/no-cover")
    expect(row.locator("img")).to_have_css("visibility", "hidden")
    expect(row.locator(".cover svg")).to_be_visible()


@pytest.mark.parametrize("image", ["http://covers.example/1.jpg", "data:image/png,x", "x"])
def test_covers_are_loaded_only_over_https(server: Double, page: Page, image: str) -> None:
    row = first_row(server, page, thumbnail_image=image)
    expect(row.locator("img")).to_have_count(0)


def test_a_cover_that_may_not_be_read_is_shown_all_the_same(server: Double, page: Page) -> None:
    server.answer("GET /cover", Reply(COVER + "</svg>", headers={"content-type": "image/svg+xml"}))
    cover = server.address.replace("127.0.0.1", "localhost") + "/cover"
    image = first_row(server, page, thumbnail_image=cover).locator("img")
    page.wait_for_function(
        "document.querySelector('top-songs').shadowRoot.querySelector('img').naturalWidth > 0"
    )
    expect(image).to_be_visible()
    expect(image).not_to_have_attribute("crossorigin", "anonymous")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [160, 220, 360, 768, 1280])
def test_nothing_is_cut_at_any_width(
    server: Double, page: Page, width: int, scheme: Any, request: pytest.FixtureRequest
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    server.answer(LIST, top_list(10))
    widget = embed(server, page, user="ada", with_switch="", share_href="/ada")
    page.add_style_tag(content="body { margin: 0 }")
    expect(widget.get_by_role("listitem")).to_have_count(10)
    cut = "titles => titles.filter((one) => one.scrollHeight > one.clientHeight + 1).length"
    assert widget.locator(".title").evaluate_all(cut) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    shoot(page, request.config.getoption("--screenshots"), f"width-{width}-{scheme}")


def test_the_switch_shows_artists_instead(server: Double, page: Page) -> None:
    server.answer(LIST, top_list(3), {"of": "artists", "artists": [{"name": "Mara Quill"}]})
    widget = embed(server, page, user="ada", with_switch="")
    switch = widget.get_by_role("group", name="Show")
    expect(switch.get_by_role("button", name="Songs")).to_have_attribute("aria-pressed", "true")
    switch.get_by_role("button", name="Artists").click()
    expect(widget.get_by_text("Mara Quill")).to_be_visible()
    expect(switch.get_by_role("button", name="Artists")).to_be_focused()
    assert [one.query.get("of") for one in server.calls(LIST)] == [None, "artists"]
    assert violations(page) == []


def test_a_hidden_song_is_marked(server: Double, page: Page) -> None:
    row = first_row(server, page, hidden=True)
    expect(row.get_by_text("Hidden from others")).to_be_visible()
    assert violations(page) == []


def test_choosing_a_song_fires_a_cancelable_event(server: Double, page: Page) -> None:
    row = first_row(server, page)
    page.evaluate("addEventListener('top-songs-select', (event) => event.preventDefault())")
    row.get_by_role("link").click()
    expected = {"songId": "song-1", "title": "Paper Lanterns", "url": "https://music.example/1"}
    assert fired(page, "select") == [expected | {"rank": 1}]
    assert len(page.context.pages) == 1
