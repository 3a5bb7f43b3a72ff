"""Chunks are small, exact and never silently misread."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON
from topk.domain.errors import StoreError
from topk.domain.play import Play, Precision, Track
from topk.stores.codecs.chunk_format import VERSION, decode, encode

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_plain = st.builds(
    Track, _text, _text, st.lists(_text, max_size=3).map(tuple), _text, st.integers(0, 10**5), _text
)
_addresses = st.lists(_text, max_size=3)


@st.composite
def _addressed(draw: st.DrawFn) -> Track:
    """A track whose URLs contain its id any number of times."""
    track = draw(_plain)
    url, image = (track.track_id.join(draw(_addresses)) for _ in range(2))
    return track._replace(url=url, image=image)


_tracks = _plain | _addressed()
_plays = st.lists(
    st.builds(
        Play,
        st.just("spotify"),
        _tracks,
        st.integers(0, 2**33),
        st.sampled_from(Precision),
    ),
    max_size=30,
)


@given(_plays)
def test_plays_round_trip_in_order_of_time(plays: list[Play]) -> None:
    found = decode(encode(tuple(plays)), "spotify")
    assert sorted(found) == sorted(plays)
    assert [one.listened_at for one in found] == sorted(one.listened_at for one in plays)


_LATE = Track(
    "4uLU6hMCjMI75M1A2tKUQC",
    "Über den Dächern 🌃",
    ("Öl", "山"),
    "One",
    200,
    "GBUM71500001",
    "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
    "https://i.scdn.co/image/ab67616d0000b273fa",
)
_PLAYS = (
    Play("spotify", _LATE, NOON - 7200, Precision.END),
    Play("spotify", Track("", "Local file", (), "", 0), NOON - 3600, Precision.EXACT),
    Play("spotify", _LATE, NOON, Precision.END),
)
# _PLAYS in each version of the format. Every version ever written is kept here.
_VERSIONS = {
    int(one.stem.partition("-")[2]): one.read_bytes()
    for one in sorted((Path(__file__).parent / "golden").glob("chunk-*.bin"))
}


def test_every_version_ever_written_is_kept() -> None:
    assert list(_VERSIONS) == list(range(1, VERSION + 1))


@pytest.mark.parametrize("version", _VERSIONS)
def test_a_chunk_of_any_version_is_read(version: int) -> None:
    assert decode(_VERSIONS[version], "spotify") == _PLAYS


def test_a_chunk_is_written_in_the_newest_version() -> None:
    assert encode(_PLAYS) == _VERSIONS[VERSION]


@given(st.binary(max_size=60))
def test_malformed_chunks_are_refused(body: bytes) -> None:
    with pytest.raises(StoreError):
        decode(b"\x07" + body, "spotify")
    for version in _VERSIONS if body else ():
        with pytest.raises(StoreError):
            decode(bytes([version]) + body, "spotify")


def test_a_typical_crawl_fits_one_write_unit() -> None:
    """15 plays of 12 songs, with ids and URLs of realistic length and randomness."""
    plays = tuple(
        Play("spotify", _real_track(number % 12), NOON + number * 211, Precision.END)
        for number in range(15)
    )
    assert (
        len(encode(plays))
        <= 900 - len("harbor#0123456789ab1795348800#spotify#0123456789abcdef") - 40
    )


def _real_track(number: int) -> Track:
    import hashlib

    noise = hashlib.sha256(str(number).encode()).hexdigest()
    track_id = "".join(
        chr(ord("A") + int(noise[at : at + 2], 16) % 26 + (32 if int(noise[at], 16) % 2 else 0))
        for at in range(0, 44, 2)
    )
    words = ("Midnight", "Parade", "of", "Glass", "Rivers", "Again", "Northern", "Signal")
    title = " ".join(words[(number + step * 3) % 8] for step in range(3))
    return Track(
        track_id=track_id,
        title=title,
        artists=(f"The {words[number % 8]} {words[(number * 5) % 8]}s",),
        album=f"{words[(number * 3) % 8]} Songs",
        duration=180 + number,
        isrc=f"GBUM7{number:02}{int(noise[:4], 16):05}",
        url=f"https://open.spotify.com/track/{track_id}",
        image=f"https://i.scdn.co/image/ab67616d0000b273{noise[:24]}",
    )
