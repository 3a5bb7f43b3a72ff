"""card: public lists as images, with any song titles."""

import base64
import json
import struct
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.card.drawing import drawn
from functions.card.lettering import cleaned
from functions.card.looks import LOOKS
from functions.card.sizes import SIZES
from tests.functions.conftest import EVENTS, Stage
from tests.functions.draw_cards import CARDS_KEPT, SONGS, a_card, a_list
from tests.functions.test_lettering import ANY
from topk.domain.account.person import Person
from topk.domain.toplist.previous_weeks import Past, place

SVG = "{http://www.w3.org/2000/svg}"
CARDS = [("link", 1200, 630), ("story", 1080, 1920)]
DRAWN = {"svg", "title", "defs", "linearGradient", "stop", "rect", "circle", "g", "path", "text"}
HOSTILE = [
    '<script>alert(1)</script><image href="http://fake.example/x"/>',
    "\u202eright to left\u2066 \x00\x07",
    "W" * 500,
    "🔥💔 Fire 👩‍👩‍👧",
    "مرحبا بالعالم " * 30,
]


@pytest.mark.parametrize("fixture", ["link", "link_png", "story", "story_png"])
def test_only_a_public_list_has_a_card(stage: Stage, fixture: str) -> None:
    nobody = "nobody_png" if fixture.endswith("png") else "nobody"
    assert stage.play(f"card/{fixture}") == stage.play(f"card/{nobody}")
    assert stage.ask(f"card/{fixture}")[0] == 404
    stage.play("account/change")
    assert stage.play(f"card/{fixture}")["statusCode"] == 200
    assert stage.play("card/without_tenant") == stage.play("card/nobody")


@pytest.mark.parametrize(("size", "width", "height"), CARDS)
def test_the_card_has_its_size_and_names_the_songs(
    stage: Stage, size: str, width: int, height: int
) -> None:
    stage.play("account/change")
    answer = stage.play(f"card/{size}")
    assert answer["headers"]["content-type"] == "image/svg+xml"
    root = ET.fromstring(answer["body"])
    assert (root.get("width"), root.get("height")) == (str(width), str(height))
    read = stage.ask("read/public")[1]
    texts = list(root.itertext())
    assert not any("anna" in text for text in texts), "a user's id is not a name"
    assert "Harbor" in texts
    for song in read["songs"]:
        count = song["listen_count"]
        assert {song["title"], f"{count} play" if count == 1 else f"{count} plays"} <= {
            one.partition(" · ")[0] for one in texts
        }


def test_the_name_that_the_host_app_sent_is_on_the_card_and_the_embed(stage: Stage) -> None:
    stage.play("account/change")
    stage.play("account/people")
    texts = list(ET.fromstring(stage.play("card/post")["body"]).itertext())
    assert {"Anna Lindqvist", "AL"} <= set(texts)
    assert stage.ask("card/oembed")[1]["author_name"] == "Anna Lindqvist"


@pytest.mark.parametrize(("size", "width", "height"), CARDS)
def test_the_png_is_base64_encoded_and_has_its_size(
    stage: Stage, size: str, width: int, height: int
) -> None:
    stage.play("account/change")
    answer = stage.play(f"card/{size}_png")
    assert (answer["isBase64Encoded"], answer["headers"]["content-type"]) == (True, "image/png")
    assert _size(base64.b64decode(answer["body"], validate=True)) == (width, height)


@pytest.mark.parametrize("fixture", ["link", "link_png"])
def test_it_is_cached_like_the_list_and_not_drawn_on_a_matching_etag(
    stage: Stage, fixture: str
) -> None:
    stage.play("account/change")
    answer, shown = stage.play(f"card/{fixture}"), stage.play("read/public")
    assert answer["headers"]["cache-control"] == shown["headers"]["cache-control"]
    tag = answer["headers"]["etag"]
    again = stage.call("card", _event(fixture, if_none_match=f"W/{tag}"))
    assert (again["statusCode"], again["body"]) == (304, "")
    other = stage.call("card", _event("story", if_none_match=tag))
    assert other["statusCode"] == 200


@pytest.mark.parametrize(
    ("fixture", "field"),
    [
        ("unknown_size", "size"),
        ("unknown_look", "look"),
        ("malformed_user", "user_id"),
        ("oembed_without_url", "url"),
        ("oembed_xml", "format"),
        ("oembed_too_small", "maxwidth"),
    ],
)
def test_bad_input_names_the_field(stage: Stage, fixture: str, field: str) -> None:
    status, body = stage.ask(f"card/{fixture}")
    assert (status, body["field"]) == (400, field)


@pytest.mark.parametrize("fixture", ["oembed", "oembed_nobody", "oembed_other_page"])
def test_only_a_public_list_can_be_embedded(stage: Stage, fixture: str) -> None:
    assert stage.play(f"card/{fixture}") == stage.play("card/nobody")
    stage.play("account/change")
    assert stage.ask(f"card/{fixture}")[0] == (200 if fixture == "oembed" else 404)


@pytest.mark.parametrize(
    ("fixture", "size"), [("oembed", (480, 820)), ("oembed_small", (300, 400))]
)
def test_an_embed_is_a_frame_that_fits(stage: Stage, fixture: str, size: tuple[int, int]) -> None:
    """https://oembed.com, section 2.3.4: what a response of type rich must have."""
    stage.play("account/change")
    status, found = stage.ask(f"card/{fixture}")
    assert status == 200
    assert (found["version"], found["type"]) == ("1.0", "rich")
    assert (found["width"], found["height"]) == size
    frame = ET.fromstring(found["html"].replace("></iframe>", "/>"))
    assert (frame.get("src") or "").startswith("https://a1b2c3d4e5.execute-api.")
    assert (frame.get("src") or "").endswith("/embed/v1/list.html?user=anna")
    assert (frame.get("width"), frame.get("height")) == tuple(map(str, size))
    assert "anna" not in found["title"]
    assert found["thumbnail_url"].endswith("/v1/users/anna/top.png")
    assert (found["thumbnail_width"], found["thumbnail_height"]) == (1200, 630)


def test_it_queues_no_crawl_and_writes_only_the_list(stage: Stage) -> None:
    stage.play("account/change")
    stage.play("card/link_png")
    assert set(stage.changed) <= {"profiles", "top_lists"}


@pytest.mark.parametrize("size", [*SIZES])
@pytest.mark.parametrize("look", [*LOOKS])
@pytest.mark.parametrize("songs", SONGS)
def test_a_card_is_drawn_as_before(size: str, look: str, songs: int) -> None:
    """`python -m tests.functions.draw_cards` draws them again; look at the pictures before."""
    kept = (CARDS_KEPT / f"{size}-{look}-{songs}.svg").read_text(encoding="utf-8")
    assert a_card(size, look, songs) == kept


@pytest.mark.parametrize("size", [*SIZES])
@pytest.mark.parametrize("songs", range(1, 11))
def test_songs_fill_the_height_that_apps_leave(size: str, songs: int) -> None:
    shape = SIZES[size]
    text = drawn(a_list(*((f"Song {number}", ()) for number in range(songs))), shape)
    _, *covers = ET.fromstring(text).findall(f".//{SVG}rect")
    ends = [float(one.get("y", 0)) + float(one.get("height", 0)) for one in covers]
    tops = [float(one.get("y", 0)) for one in covers]
    assert shape.top < min(tops)
    assert max(ends) <= shape.bottom
    assert max(ends) >= shape.top + (shape.bottom - shape.top) * 0.65, "no empty half"


@given(
    st.lists(st.tuples(ANY, st.lists(ANY, max_size=3)), max_size=12),
    st.sampled_from([*SIZES]),
    ANY,
)
def test_any_title_gives_a_card_of_shapes_and_text_only(
    named: list[tuple[str, list[str]]], size: str, name: str
) -> None:
    shown = a_list(*((title, tuple(singers)) for title, singers in named))
    text = drawn(replace(shown, person=Person(name)), SIZES[size])
    root = ET.fromstring(text)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= DRAWN | {"tspan"}
    assert not any(
        "href" in name or name.startswith("on") for one in root.iter() for name in one.attrib
    )
    rows = min(len(named), SIZES[size].songs)
    assert len(root.findall(f".//{SVG}circle")) == 3 * rows + bool(cleaned(name))
    assert text.count("url(") == rows + 1
    assert all(f"{part}#c" not in text for part in ("http:", "data:"))


def test_hostile_titles_are_rendered() -> None:
    from functions.card.raster import rasterised

    usual = drawn(a_list(*((f"Song {number}", ("Mara",)) for number in range(5))), SIZES["link"])
    text = drawn(a_list(*((title, (title,)) for title in HOSTILE)), SIZES["link"])
    assert _size(rasterised(text)) == _size(rasterised(usual)) == (1200, 630)
    assert "<script" not in text
    assert "\u202e" not in text


def test_each_script_is_drawn_with_its_own_glyphs() -> None:
    from functions.card.raster import rasterised

    def picture(title: str) -> bytes:
        return rasterised(drawn(a_list((title, ())), SIZES["link"]))

    # A glyph that no font has is drawn as a box, so two missing letters look the same.
    assert picture("ᚠ") == picture("ᛇ")
    for one, other in ("夜花", "한글", "ωξ", "жя", "אב", "بث", "ไท", "हक", "亮丽", "🔥💔"):
        assert picture(one) != picture(other), (one, other)


def test_the_movement_of_a_song_is_drawn() -> None:
    shown = a_list(("A", ()), ("B", ()), ("C", ()), ("D", ()))
    first, second, third, _ = shown.top_list.songs
    past = Past((place(first.ids), place(third.ids), place(second.ids)), (place(first.ids),))
    text = drawn(a_list(("A", ()), ("B", ()), ("C", ()), ("D", ()), past=past), SIZES["link"])
    assert "3 weeks on top" in text
    assert text.count("<path") == 2
    assert text.count(">new<") == 1
    assert ">new<" not in drawn(a_list(("A", ()), ("B", ())), SIZES["link"])


def test_an_empty_list_says_so_and_of_which_days() -> None:
    text = drawn(a_list(), SIZES["link"])
    assert "No plays in these seven days" in text
    assert "15 – 21 November 2026" in text
    assert "6 of 7" not in text, "for the owner alone"


def _size(png: bytes) -> tuple[int, int]:
    """Width and height from the PNG header, after the signature and the chunk's name."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _event(fixture: str, *, if_none_match: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(
        (EVENTS / f"card/{fixture}.json").read_text(encoding="utf-8")
    )
    event["headers"]["if-none-match"] = if_none_match
    return event
