"""Chunks: small, exact, and never silently misread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON
from topk.domain.errors import StoreError
from topk.domain.play import Play, Precision, Track
from topk.stores.chunk_format import decode, encode

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_tracks = st.builds(
    Track, _text, _text, st.lists(_text, max_size=3).map(tuple), _text, st.integers(0, 10**5), _text
)
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
def test_reads_what_was_written_in_the_order_of_time(plays: list[Play]) -> None:
    found = decode(encode(tuple(plays)), "spotify")
    assert sorted(found) == sorted(plays)
    assert [one.listened_at for one in found] == sorted(one.listened_at for one in plays)


@given(st.binary(max_size=60))
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(StoreError):
        decode(b"\x07" + body, "spotify")
    if body:
        with pytest.raises(StoreError):
            decode(b"\x01" + body, "spotify")


def test_a_usual_crawl_fits_one_write_unit() -> None:
    """15 plays of 12 songs, with ids and addresses as long and as random as the real ones."""
    plays = tuple(
        Play("spotify", _real_track(number % 12), NOON + number * 211, Precision.END)
        for number in range(15)
    )
    assert (
        len(encode(plays)) <= 1024 - len("harbor#0123456789ab1795348800#spotify#0123456789ab") - 40
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
