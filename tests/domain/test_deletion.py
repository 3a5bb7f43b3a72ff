"""Deletions: which plays they cover, and which still count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import DAY, NOON, play, track
from topk.domain.play import Play, Precision, Track
from topk.domain.privacy.deletion import Deletion, Deletions, of_song
from topk.domain.song.identity import song_id
from topk.domain.song.marks import SongMark, spelling_of

ISRC = "GBAYE0601498"
PLAIN = track("Rain", isrc=ISRC)
SPELT = track("Rainn", isrc=ISRC)
"""Another id; the ISRC joins the two."""
LIVE = track("Rain (Live at Wembley)")


def _of(one: Track, at: int = NOON - DAY, provider: str = "spotify") -> Play:
    return Play(provider, one, at)


def _covers(deletion: Deletion, one: Play) -> bool:
    return Deletions([deletion]).cover(one)


def test_the_tracks_are_what_the_tests_take_them_for() -> None:
    assert len({song_id(one) for one in (PLAIN, SPELT, LIVE)}) == 3


@given(st.permutations([_of(PLAIN), _of(SPELT), _of(LIVE), play("Dawn", NOON - DAY)]))
def test_deleting_any_id_covers_all_ids_joined_by_an_isrc(plays: list[Play]) -> None:
    for given_name in (song_id(PLAIN), song_id(SPELT)):
        deletion = of_song(given_name, plays, now=NOON)
        left = {song_id(one.track) for one in plays if not _covers(deletion, one)}
        assert left == {song_id(LIVE), song_id(track("Dawn"))}


def test_a_later_spelling_with_the_same_isrc_is_covered() -> None:
    deletion = of_song(song_id(PLAIN), [_of(PLAIN)], now=NOON)
    assert _covers(deletion, _of(SPELT, provider="youtube"))
    assert not _covers(deletion, _of(SPELT, NOON + 1))


def test_a_wrong_isrc_on_another_song_deletes_none_of_its_plays() -> None:
    mistaken = LIVE._replace(isrc=ISRC)
    deletion = of_song(song_id(PLAIN), [_of(PLAIN), _of(mistaken)], now=NOON)
    assert _covers(deletion, _of(PLAIN))
    assert not _covers(deletion, _of(mistaken))


def test_deleting_an_unplayed_song_stores_its_id() -> None:
    deletion = of_song(song_id(PLAIN), [], now=NOON)
    assert _covers(deletion, _of(PLAIN))
    assert not _covers(deletion, _of(LIVE))


@pytest.mark.parametrize(("at", "is_covered"), [(NOON, True), (NOON + 1, False)])
def test_plays_that_start_after_the_deletion_count(at: int, is_covered: bool) -> None:
    deletion = of_song(song_id(PLAIN), [_of(PLAIN)], now=NOON)
    assert _covers(deletion, _of(PLAIN, at)) == is_covered
    ended = Play("spotify", PLAIN, at + PLAIN.duration, Precision.END)
    assert _covers(deletion, ended) == is_covered


def test_a_stored_play_with_a_future_stamp_is_deleted() -> None:
    ahead = _of(PLAIN, NOON + 200)
    assert _covers(of_song(song_id(PLAIN), [ahead], now=NOON), ahead)


def test_deleting_a_provider_covers_all_its_plays_and_no_others() -> None:
    deletion = Deletion(NOON, "spotify")
    assert _covers(deletion, _of(PLAIN))
    assert not _covers(deletion, _of(PLAIN, provider="youtube"))
    assert not _covers(deletion, _of(PLAIN, NOON + 1))


_SONGS = (PLAIN, SPELT, LIVE, track("Dawn"), track("Dusk", isrc=ISRC))
_deletions = st.builds(
    Deletion,
    st.integers(NOON - 3, NOON + 3),
    st.just(""),
    st.builds(
        SongMark,
        st.lists(st.sampled_from([song_id(one) for one in _SONGS]), max_size=3).map(tuple),
        spellings=st.lists(st.sampled_from([*map(spelling_of, _SONGS)]), max_size=2).map(tuple),
    ),
    st.lists(st.just(ISRC), max_size=1).map(tuple),
) | st.builds(Deletion, st.integers(NOON - 3, NOON + 3), st.sampled_from(["spotify", "youtube"]))
_plays = st.builds(
    _of,
    st.sampled_from(_SONGS),
    st.integers(NOON - 4, NOON + 4),
    st.sampled_from(["spotify", "youtube", "lastfm"]),
)


@given(st.lists(_deletions, max_size=6), _plays)
def test_a_play_is_deleted_where_any_deletion_covers_it(marks: list[Deletion], one: Play) -> None:
    assert Deletions(marks).cover(one) == any(_covers(mark, one) for mark in marks)


@given(_deletions, _deletions, _plays)
def test_what_a_superseded_deletion_covers_stays_deleted(
    later: Deletion, earlier: Deletion, one: Play
) -> None:
    if later.supersedes(earlier) and _covers(earlier, one):
        assert _covers(later, one)


class _Counted(str):
    """A song's id that counts how often it is compared or hashed."""

    __slots__ = ()
    operations = 0

    def __hash__(self) -> int:
        _Counted.operations += 1
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        _Counted.operations += 1
        return super().__eq__(other)


def _operations(number: int) -> int:
    """Of deleting `number` songs and looking at as many plays, none of which is deleted."""
    _Counted.operations = 0
    marks = [Deletion(NOON, song=SongMark((_Counted(f"song-{at}"),))) for at in range(number)]
    gone = Deletions(marks)
    assert not any(gone.cover(play(f"Song {at}", NOON)) for at in range(number))
    return _Counted.operations


def test_ten_times_the_deletions_cost_ten_times_as_much() -> None:
    once = _operations(30)
    assert _operations(300) <= 11 * once
