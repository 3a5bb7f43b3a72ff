"""The cost of joining grows linearly with the number of tracks, for any input."""

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from topk.domain.play import Track
from topk.domain.song.identity import forget_identities, song_id
from topk.domain.song.joining import join

VOWELS = "аеиоуыэюя"


def spelt(number: int, digits: str) -> str:
    """The number written with these digits."""
    return spelt(number // len(digits), digits) + digits[number % len(digits)] if number else ""


def one_isrc_of_all(count: int) -> Iterator[Track]:
    return (Track("1", f"Song {n}", ("X",), isrc="GBAYE0601498") for n in range(count))


def an_isrc_for_every_eight(count: int) -> Iterator[Track]:
    return (
        Track("1", f"A Long Way Home {n}", ("X",), isrc=f"GBAYE{n // 8:07}") for n in range(count)
    )


def one_sound_of_all(count: int) -> Iterator[Track]:
    """Titles that differ only in their vowels, in two scripts."""
    yield Track("1", "Kukushka", ("X",))
    for n in range(1, count):
        yield Track("1", f"к{spelt(n, VOWELS)}кушка", ("X",))


def the_same_artists_for_all(count: int) -> Iterator[Track]:
    return (Track("1", f"Song {n // 2}", ("A B", "C D")[:: 1 - 2 * (n % 2)]) for n in range(count))


def a_gloss_for_all(count: int) -> Iterator[Track]:
    return (Track("1", f"봄날 {spelt(n + 1, '가나다라')} (Spring)", ("X",)) for n in range(count))


def operations(work: Callable[[], object]) -> int:
    """Number of Python and C function calls."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "bring",
    [
        one_isrc_of_all,
        an_isrc_for_every_eight,
        one_sound_of_all,
        the_same_artists_for_all,
        a_gloss_for_all,
    ],
)
def test_ten_times_the_tracks_cost_ten_times_the_operations(
    bring: Callable[[int], Iterator[Track]],
) -> None:
    cost = []
    for count in (40, 400, 4_000):
        forget_identities()
        tracks: dict[str, list[Track]] = {}
        for track in bring(count):
            tracks.setdefault(song_id(track), []).append(track)
        cost.append(operations(lambda tracks=tracks: join(tracks)))  # type: ignore[misc]
    few, more, most = cost
    assert more < 13 * few
    assert most < 13 * more


def test_an_isrc_shared_by_too_many_songs_joins_none() -> None:
    def joined(count: int) -> int:
        titles = ["Colours", *(f"Song {n}" for n in range(count - 2)), "Colors"]
        tracks = [Track("1", title, ("X",), isrc="USRC17607839") for title in titles]
        return len(set(join({song_id(track): [track] for track in tracks}).values()))

    assert joined(8) == 7
    assert joined(9) == 9
