"""The wire format of a partner's listens, pulled or pushed."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from tests.providers.accounts import NOW
from tests.providers.scripted import sample
from topk.domain.errors import BadPayloadError
from topk.domain.limits import MOST_ARTISTS
from topk.domain.play import Play, Precision, Track
from topk.providers.partner.wire import Delivery, pages, read_delivered, read_user

deliveries = Decoder(Delivery)

USUAL: dict[str, Any] = {
    "user_id": "mira-1",
    "listened_at": NOW - 60,
    "track": {"title": "One", "artists": ["A"]},
}


def raw(value: Any) -> Raw:
    return Raw(json.dumps(value).encode())


def with_track(**more: Any) -> dict[str, Any]:
    return USUAL | {"track": USUAL["track"] | more}


def read(value: Any) -> Play:
    return read_delivered(raw(value), provider="walkman").play


def test_a_pushed_listen_is_read_with_its_user_and_all_displayed_fields() -> None:
    listen = deliveries.decode(sample("partner", "delivery.json")).listens[0]

    assert read_user(listen) == "mira-1"
    assert read_delivered(listen, provider="walkman").play == Play(
        "walkman",
        Track(
            track_id="pl-2026-1",
            title="Paper Lanterns",
            artists=("Mira Holt", "The Lanterns"),
            album="Night Ferry",
            duration=222,
            isrc="GBAAA2600001",
            url="https://partner.example/tracks/pl-2026-1",
            image="https://img.partner.example/300/night-ferry.jpg",
        ),
        listened_at=1_791_228_010,
        precision=Precision.EXACT,
    )


def test_a_pulled_page_has_the_same_listens_and_a_cursor() -> None:
    page = pages.decode(sample("partner", "listens.json"))

    titles = [read_delivered(one, provider="w").play.track.title for one in page.listens]
    assert titles == ["Paper Lanterns", "Demo Tape"]
    assert page.next_cursor == "fake-cursor-2"


def test_a_listen_needs_only_a_time_a_title_and_an_artist() -> None:
    track = read(USUAL).track

    assert track == Track(track_id="", title="One", artists=("A",))


def test_the_reason_of_a_rejected_listen_matches_the_contract() -> None:
    listen = deliveries.decode(sample("partner", "delivery.json")).listens[1]
    shown = json.loads(sample("partner", "delivery_answer.json"))["rejected"][0]["reason"]

    with pytest.raises(BadPayloadError) as caught:
        read_delivered(listen, provider="walkman")
    assert str(caught.value) == shown


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (None, "null"),
        (7, "int"),
        ({}, "listened_at"),
        (USUAL | {"track": None}, "$.track"),
        (with_track(title=""), "$.track.title"),
        (with_track(title="secret" * 1_000_000), "$.track.title"),
        (with_track(artists=[]), "$.track.artists"),
        (with_track(artists=["A"] * (MOST_ARTISTS + 1)), "$.track.artists"),
        (with_track(duration_ms=-1), "$.track.duration_ms"),
        (with_track(album="secret" * 1000), "$.track.album"),
        (with_track(url="https://" + "x" * 2000), "$.track.url"),
        (USUAL | {"listened_at": "yesterday"}, "$.listened_at"),
    ],
)
def test_a_malformed_listen_gets_a_short_reason_without_its_content(
    broken: Any, field: str
) -> None:
    with pytest.raises(BadPayloadError) as caught:
        read(broken)

    assert field in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("user", [None, "", 7, "x" * 129])
def test_a_pushed_listen_needs_a_user(user: Any) -> None:
    with pytest.raises(BadPayloadError, match="user_id"):
        read_user(raw(USUAL | {"user_id": user}))


def test_a_push_needs_at_least_one_listen() -> None:
    with pytest.raises(DecodeError):
        deliveries.decode(json.dumps({"listens": []}))


def test_script_urls_are_not_links() -> None:
    shown = read(with_track(url="javascript:alert(1)", image="data:text/html,x")).track

    assert (shown.url, shown.image) == ("", "")


def test_a_deeply_nested_listen_is_refused() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(BadPayloadError, match="nested"):
        read_user(Raw(b'{"user_id": "mira-1", "more": ' + deep + b"}"))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(BadPayloadError):
        read_delivered(Raw(body), provider="walkman")
