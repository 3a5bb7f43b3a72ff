"""An account without times is left out if another account reports its plays."""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import DAY, NOON, play
from topk.domain.play import Play, Precision, in_order
from topk.domain.toplist.duplicate_accounts import LEAST_PLAYS
from topk.domain.toplist.ranking import ranking
from topk.domain.toplist.window import Window

WINDOW = Window.current(NOON)
SONGS = [f"Song {number}" for number in range(40)]
HOUR = 3600

Heard = Sequence[tuple[str, int]]
"""Titles and the seconds after the window began at which they were played."""


def week(count: int) -> Heard:
    """So many different songs, evenly over five days."""
    return [(SONGS[at % len(SONGS)], HOUR + at * 5 * DAY // count) for at in range(count)]


def listed(heard: Heard, provider: str = "apple_music") -> list[Play]:
    """Plays without times, as of a crawl at each midnight."""
    return [
        play(title, WINDOW.start + at // DAY * DAY, provider=provider, precision=Precision.INFERRED)
        for title, at in heard
    ]


def scrobbled(heard: Heard, provider: str = "lastfm") -> list[Play]:
    return [play(title, WINDOW.start + at, provider=provider, duration=0) for title, at in heard]


def counted(reports: Iterable[Play]) -> tuple[int, frozenset[str]]:
    found = ranking(in_order(reports), WINDOW, 50)
    return found.counted, found.duplicates


@pytest.mark.parametrize("count", [LEAST_PLAYS, 100])
def test_an_account_beside_a_scrobbler_of_it_counts_once(count: int) -> None:
    found = counted([*listed(week(count)), *scrobbled(week(count))])
    assert found == (count, frozenset({"apple_music"}))


def test_the_scrobbler_may_have_more_plays() -> None:
    more = [("Other", 3 * DAY + 900 * turn) for turn in range(50)]
    reports = [*listed(week(60)), *scrobbled([*week(60), *more])]
    assert counted(reports) == (110, frozenset({"apple_music"}))


def test_too_few_plays_tell_nothing() -> None:
    few = week(LEAST_PLAYS - 1)
    assert counted([*listed(few), *scrobbled(few)]) == (2 * len(few), frozenset())


@pytest.mark.parametrize(("missing", "left_out"), [(6, True), (7, False)])
def test_nine_of_ten_plays_have_to_agree(missing: int, *, left_out: bool) -> None:
    reports = [*listed(week(60)), *scrobbled(week(60)[missing:])]
    assert counted(reports)[1] == ({"apple_music"} if left_out else set())


def test_plays_of_other_days_do_not_agree() -> None:
    shifted = [(title, at + 2 * DAY) for title, at in week(60)]
    assert counted([*listed(week(60)), *scrobbled(shifted)]) == (120, frozenset())


def test_other_songs_do_not_agree() -> None:
    others = [(f"Other {title}", at) for title, at in week(60)]
    assert counted([*listed(week(60)), *scrobbled(others)]) == (120, frozenset())


def test_the_same_favourites_at_two_accounts_do_not_agree() -> None:
    """Ten songs, each once a day at both, and others beside them."""
    favourites = [(title, day * DAY + HOUR) for day in range(5) for title in SONGS[:10]]
    beside = [(f"Other {at}", at * HOUR) for at in range(100)]
    reports = [*listed([*favourites, *beside]), *scrobbled(favourites)]
    assert counted(reports) == (200, frozenset())


def test_a_song_that_one_account_repeats_agrees_once_for_each_report() -> None:
    once = [("Dawn", day * DAY + HOUR) for day in range(5)]
    assert counted([*listed(week(60)), *scrobbled(once)])[1] == frozenset()


def test_an_account_with_times_is_never_left_out() -> None:
    reports = [*scrobbled(week(60)), *scrobbled(week(60), "listenbrainz")]
    assert counted(reports) == (60, frozenset())


@given(st.lists(st.sampled_from([*listed(week(60)), *scrobbled(week(60))]), max_size=120))
def test_nothing_is_left_out_that_no_other_account_reports(reports: list[Play]) -> None:
    apple = {one for one in reports if one.provider == "apple_music"}
    count, duplicates = counted(reports)
    assert count >= len(set(reports) - apple)
    if not duplicates:
        assert count == len(set(reports))
