"""Songs in common: no song of a single listener, whatever the order of the lists."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.shared_songs import LEAST_LISTENERS, MOST_PLAYS_EACH, shared_songs
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import Window


def _song(number: int, plays: int) -> RankedSong:
    return RankedSong(
        song_id=f"song-{number}",
        title=f"Song {number}",
        singers=("The Lanterns",),
        albums=(),
        listen_count=plays,
        last_listened_at=NOON,
        url="",
        image="",
        providers=("spotify",),
    )


_lists = st.lists(
    st.dictionaries(st.integers(0, 5), st.integers(1, 40), max_size=6).map(
        lambda songs: TopList(
            tuple(_song(number, plays) for number, plays in songs.items()),
            Window.current(NOON).as_of,
            "UTC",
            Completeness(),
        )
    ),
    max_size=12,
)


@given(_lists, st.randoms(use_true_random=False))
def test_ranks_by_listeners_then_capped_plays_and_needs_three_listeners(
    lists: list[TopList], random: Random
) -> None:
    found = shared_songs(lists, 50)
    told = {
        one.song.song_id: [
            song.listen_count
            for listed in lists
            for song in listed.songs
            if song.song_id == one.song.song_id
        ]
        for one in found
    }
    assert all(len(plays) >= LEAST_LISTENERS for plays in told.values())
    keys = [
        (-len(plays), -sum(min(count, MOST_PLAYS_EACH) for count in plays), name)
        for name, plays in told.items()
    ]
    assert keys == sorted(keys)
    shuffled = random.sample(lists, len(lists))
    again = shared_songs(shuffled, 50)
    assert [(one.song.song_id, one.at_least) for one in again] == [
        (one.song.song_id, one.at_least) for one in found
    ]
    assert shared_songs(lists, 2) == found[:2]


@given(_lists, st.integers(0, 11), st.integers(1, 1000))
def test_one_listener_counts_at_most_ten_plays(lists: list[TopList], who: int, times: int) -> None:
    if who >= len(lists):
        return
    louder = [
        replace(one, songs=tuple(song._replace(listen_count=10 * times) for song in one.songs))
        if number == who
        else one
        for number, one in enumerate(lists)
    ]
    capped = [
        replace(one, songs=tuple(song._replace(listen_count=10) for song in one.songs))
        if number == who
        else one
        for number, one in enumerate(lists)
    ]
    names = [[one.song.song_id for one in shared_songs(of, 50)] for of in (louder, capped)]
    assert names[0] == names[1]


def test_listener_counts_are_rounded_to_steps() -> None:
    for listeners, told in ((3, 3), (4, 3), (5, 5), (19, 10), (5000, 5000)):
        lists = [
            TopList((_song(1, 1),), Window.current(NOON).as_of, "UTC", Completeness())
        ] * listeners
        (one,) = shared_songs(lists, 50)
        assert one.at_least == told
