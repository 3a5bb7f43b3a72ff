"""Where a song's link leads for a viewer who prefers a service."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.read.service_links import ADDRESSES, link_at
from topk.domain.account.person import SERVICES

PLAYED = "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"


def test_without_a_service_the_link_leads_where_the_song_was_played() -> None:
    assert link_at("", PLAYED, "Paper Lanterns", ("Mara Quill",)) == PLAYED
    assert link_at("napster", PLAYED, "Paper Lanterns", ()) == PLAYED


def test_a_song_that_was_played_there_keeps_its_own_link() -> None:
    assert link_at("spotify", PLAYED, "Paper Lanterns", ()) == PLAYED
    watched = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert link_at("youtube", watched, "Paper Lanterns", ()) == watched


@pytest.mark.parametrize("service", sorted(SERVICES))
@given(title=st.text(min_size=1, max_size=40), singer=st.text(max_size=40))
def test_any_title_is_looked_up_by_title_and_singer(service: str, title: str, singer: str) -> None:
    title, singer = (text.encode("utf-8", "ignore").decode() for text in (title, singer))
    found = urlsplit(link_at(service, "https://song.example/1", title, (singer, "B")))
    words = f"{title} {singer}"
    assert found.scheme == "https"
    assert found.hostname in ADDRESSES[service].hosts
    if service == "spotify":
        assert unquote(found.path) == f"/search/{words}"
    else:
        asked = parse_qs(found.query, keep_blank_values=True, strict_parsing=True)
        assert words in [one for values in asked.values() for one in values]


@pytest.mark.parametrize(
    "odd", ["", "javascript:alert(1)", "https://[", "//open.spotify.com@x.example/"]
)
def test_an_odd_link_is_replaced(odd: str) -> None:
    assert link_at("spotify", odd, "A", ()) == "https://open.spotify.com/search/A"


def test_every_service_has_addresses() -> None:
    assert set(ADDRESSES) == set(SERVICES)
