"""Movement compares with last week's ranks under any id of a song."""

from dataclasses import replace

import pytest

from tests.fakes import DAY, NOON, play
from topk.domain.toplist.previous_weeks import Direction, Movement, Past, place
from topk.domain.toplist.ranking import RankedSong, rank
from topk.domain.toplist.window import Window

DAWN, DUSK, RAIN = rank(
    [play(title, NOON - DAY - turn) for turn, title in enumerate(("Dawn", "Dusk", "Rain"))],
    Window.current(NOON),
    3,
)
PAST = Past((place(DUSK.ids), place(DAWN.ids)))


@pytest.mark.parametrize(
    ("song", "at", "moved"),
    [
        (DAWN, 1, Movement(Direction.UP, 1)),
        (DUSK, 2, Movement(Direction.DOWN, 1)),
        (DUSK, 1, Movement(Direction.SAME)),
        (RAIN, 3, Movement(Direction.NEW)),
    ],
)
def test_movement_is_relative_to_last_weeks_rank(
    song: RankedSong, at: int, moved: Movement
) -> None:
    assert PAST.movement(song, at) == moved


def test_a_song_is_matched_by_any_of_its_ids() -> None:
    joined = RAIN._replace(song_id="aaaaaaaaaaaaaaaa", joined=(DUSK.song_id,))
    assert PAST.movement(joined, 1) == Movement(Direction.SAME)
    assert PAST.weeks_at_top(joined, 1) == 2


@pytest.mark.parametrize(
    ("firsts", "weeks"),
    [((), 2), ((DUSK,), 3), ((DUSK, DUSK), 4), ((DAWN, DUSK), 2), (None, 2)],
)
def test_weeks_at_the_top_are_the_latest_consecutive_weeks_at_rank_one(
    firsts: tuple[RankedSong, ...] | None, weeks: int
) -> None:
    known = None if firsts is None else tuple(place(song.ids) for song in firsts)
    past = replace(PAST, firsts=known)
    assert past.weeks_at_top(DUSK, 1) == weeks
    assert past.weeks_at_top(DAWN, 1) == 1, "it was not first a week ago"
    assert past.weeks_at_top(DUSK, 2) == 0
