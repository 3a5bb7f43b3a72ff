"""The ranking has a total order, ignores arrival order and joins spellings of a song."""

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import DAY, NOON, play, track
from topk.domain.play import Play
from topk.domain.toplist.ranking import rank
from topk.domain.toplist.window import Window

WINDOW = Window.current(NOON)
_plays = st.lists(
    st.builds(
        play,
        st.sampled_from(["Dawn", "Dusk", "Rain", "Snow", "Hail"]),
        st.integers(NOON - 9 * DAY, NOON),
        provider=st.sampled_from(["spotify", "youtube", "apple_music"]),
    ),
    max_size=60,
)


@given(_plays, st.randoms(use_true_random=False))
def test_never_depends_on_the_order_of_arrival(plays: list[Play], random: object) -> None:
    shuffled = [*plays, *plays[:7]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank(shuffled, WINDOW, 50) == rank(plays, WINDOW, 50)


@given(_plays, st.integers(1, 5))
def test_is_ordered_by_count_then_latest_play_then_id(plays: list[Play], depth: int) -> None:
    ranked = rank(plays, WINDOW, 50)
    keys = [(-song.listen_count, -song.last_listened_at, song.song_id) for song in ranked]
    assert keys == sorted(keys)
    assert len({song.song_id for song in ranked}) == len(ranked)
    assert rank(plays, WINDOW, depth) == ranked[:depth]


def test_spellings_of_several_providers_are_one_song() -> None:
    spelt = [
        Play("spotify", track("Dawn - Remastered 2011", isrc="GBUM71029604"), NOON - DAY),
        Play("apple_music", track("Dawn (feat. Öl)"), NOON - 2 * DAY),
        Play("youtube", track("The Lanterns - Dawn (Official Video)"), NOON - 3 * DAY),
    ]
    (song,) = rank(spelt, WINDOW, 50)
    assert song.listen_count == 3
    assert song.providers == ("apple_music", "spotify", "youtube")
    assert song.title == "Dawn - Remastered 2011", "the catalogue's spelling, not the video's"


def test_a_live_version_is_another_song() -> None:
    spelt = [play("Dawn", NOON - DAY), play("Dawn (Live)", NOON - 2 * DAY)]
    assert len(rank(spelt, WINDOW, 50)) == 2


def test_a_shared_isrc_joins_two_spellings_of_a_user() -> None:
    one = track("Dawn", "The Lanterns", isrc="GBUM71029604")
    other = one._replace(artists=("Lanterns of Light",))
    plays = [Play("spotify", one, NOON - DAY), Play("apple_music", other, NOON - 2 * DAY)]
    assert [song.listen_count for song in rank(plays, WINDOW, 50)] == [2]


def test_albums_are_listed_most_played_first() -> None:
    plays = [
        Play("spotify", track("Dawn", album=album), NOON - turn * 1000 - DAY)
        for turn, album in enumerate(["Single", "Album", "Album", ""])
    ]
    (song,) = rank(plays, WINDOW, 50)
    assert song.albums == ("Album", "Single")
