"""Deletions: which plays they cover, and which still count."""

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


def test_the_sample_tracks_have_the_expected_ids() -> None:
    assert len({song_id(one) for one in (PLAIN, SPELT, LIVE)}) == 3


@given(st.permutations([_of(PLAIN), _of(SPELT), _of(LIVE), play("Dawn", NOON - DAY)]))
def test_deleting_any_id_covers_all_ids_joined_by_an_isrc(plays: list[Play]) -> None:
    for given_name in (song_id(PLAIN), song_id(SPELT)):
        deletion = of_song(given_name, plays, now=NOON)
        left = {song_id(one.track) for one in plays if not deletion.covers(one)}
        assert left == {song_id(LIVE), song_id(track("Dawn"))}


def test_a_later_spelling_with_the_same_isrc_is_covered() -> None:
    deletion = of_song(song_id(PLAIN), [_of(PLAIN)], now=NOON)
    assert deletion.covers(_of(SPELT, provider="youtube"))
    assert not deletion.covers(_of(SPELT, NOON + 1))


def test_a_wrong_isrc_on_another_song_deletes_none_of_its_plays() -> None:
    mistaken = LIVE._replace(isrc=ISRC)
    deletion = of_song(song_id(PLAIN), [_of(PLAIN), _of(mistaken)], now=NOON)
    assert deletion.covers(_of(PLAIN))
    assert not deletion.covers(_of(mistaken))


def test_deleting_an_unplayed_song_stores_its_id() -> None:
    deletion = of_song(song_id(PLAIN), [], now=NOON)
    assert deletion.covers(_of(PLAIN))
    assert not deletion.covers(_of(LIVE))


@pytest.mark.parametrize(("at", "is_covered"), [(NOON, True), (NOON + 1, False)])
def test_plays_that_start_after_the_deletion_count(at: int, is_covered: bool) -> None:
    deletion = of_song(song_id(PLAIN), [_of(PLAIN)], now=NOON)
    assert deletion.covers(_of(PLAIN, at)) == is_covered
    ended = Play("spotify", PLAIN, at + PLAIN.duration, Precision.END)
    assert deletion.covers(ended) == is_covered


def test_a_stored_play_with_a_future_stamp_is_deleted() -> None:
    ahead = _of(PLAIN, NOON + 200)
    assert of_song(song_id(PLAIN), [ahead], now=NOON).covers(ahead)


def test_deleting_a_provider_covers_all_its_plays_and_no_others() -> None:
    deletion = Deletion(NOON, "spotify")
    assert deletion.covers(_of(PLAIN))
    assert not deletion.covers(_of(PLAIN, provider="youtube"))
    assert not deletion.covers(_of(PLAIN, NOON + 1))
