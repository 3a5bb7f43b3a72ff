"""Deleted plays: which are meant, and which count all the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import DAY, NOON, play, track
from topk.domain.play import Play, Precision, Track
from topk.domain.privacy.deletion import Deletion, of_song
from topk.domain.song.identity import song_id

ISRC = "GBAYE0601498"
PLAIN = track("Rain", isrc=ISRC)
SPELT = track("Rainn", isrc=ISRC)
"""Another id; the ISRC joins the two."""
LIVE = track("Rain (Live at Wembley)")


def _of(one: Track, at: int = NOON - DAY, provider: str = "spotify") -> Play:
    return Play(provider, one, at)


def test_the_tracks_are_what_the_tests_take_them_for() -> None:
    assert len({song_id(one) for one in (PLAIN, SPELT, LIVE)}) == 3


@given(st.permutations([_of(PLAIN), _of(SPELT), _of(LIVE), play("Dawn", NOON - DAY)]))
def test_all_names_that_an_isrc_joins_are_deleted_whichever_is_given(heard: list[Play]) -> None:
    for given_name in (song_id(PLAIN), song_id(SPELT)):
        deletion = of_song(given_name, heard, now=NOON)
        left = {song_id(one.track) for one in heard if not deletion.covers(one)}
        assert left == {song_id(LIVE), song_id(track("Dawn"))}


def test_another_spelling_that_comes_later_by_the_same_isrc_is_covered() -> None:
    deletion = of_song(song_id(PLAIN), [_of(PLAIN)], now=NOON)
    assert deletion.covers(_of(SPELT, provider="youtube"))
    assert not deletion.covers(_of(SPELT, NOON + 1))


def test_an_isrc_that_another_song_carries_by_mistake_deletes_no_play_of_it() -> None:
    mistaken = LIVE._replace(isrc=ISRC)
    deletion = of_song(song_id(PLAIN), [_of(PLAIN), _of(mistaken)], now=NOON)
    assert deletion.covers(_of(PLAIN))
    assert not deletion.covers(_of(mistaken))


def test_a_song_nobody_played_is_remembered_by_its_id() -> None:
    deletion = of_song(song_id(PLAIN), [], now=NOON)
    assert deletion.covers(_of(PLAIN))
    assert not deletion.covers(_of(LIVE))


@pytest.mark.parametrize(("at", "is_covered"), [(NOON, True), (NOON + 1, False)])
def test_what_begins_after_the_deletion_counts(at: int, is_covered: bool) -> None:
    deletion = of_song(song_id(PLAIN), [_of(PLAIN)], now=NOON)
    assert deletion.covers(_of(PLAIN, at)) == is_covered
    ended = Play("spotify", PLAIN, at + PLAIN.duration, Precision.END)
    assert deletion.covers(ended) == is_covered


def test_a_play_stamped_ahead_of_the_deletion_that_is_there_already_is_deleted() -> None:
    ahead = _of(PLAIN, NOON + 200)
    assert of_song(song_id(PLAIN), [ahead], now=NOON).covers(ahead)


def test_of_a_provider_all_plays_are_covered_and_of_no_other() -> None:
    deletion = Deletion(NOON, "spotify")
    assert deletion.covers(_of(PLAIN))
    assert not deletion.covers(_of(PLAIN, provider="youtube"))
    assert not deletion.covers(_of(PLAIN, NOON + 1))
