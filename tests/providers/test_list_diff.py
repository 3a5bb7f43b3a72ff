"""Inferring plays from two readings of a list ordered by latest play."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from topk.providers.checkpoints.list_diff import count_played, is_older

DEPTH = 8

old_lists = st.lists(st.integers(0, 15), max_size=DEPTH, unique=True)
songs_played = st.lists(st.integers(0, 15), max_size=20)


def play(old: list[int], played: list[int]) -> list[int]:
    """The list after `played`, with each song moved to or added at the top."""
    shown = list(old)
    for song in played:
        shown = [song, *(one for one in shown if one != song)]
    return shown[:DEPTH]


def latest_first(played: list[int]) -> list[int]:
    """The distinct songs of `played`, the last played first."""
    return list(dict.fromkeys(reversed(played)))


@given(old_lists, songs_played)
def test_it_finds_exactly_the_songs_played(old: list[int], played: list[int]) -> None:
    different = latest_first(played)
    assume(len(different) < DEPTH)
    still = [song for song in old if song not in different[:-1]]
    assume(not different or still[:1] != different[-1:])  # a repeat of the top cannot be seen
    new = play(old, played)

    count = count_played(old, new, depth=DEPTH)

    assert count is not None
    assert new[:count] == different


@given(old_lists, songs_played)
def test_it_never_invents_a_play(old: list[int], played: list[int]) -> None:
    new = play(old, played)

    count = count_played(old, new, depth=DEPTH)

    assert count is not None
    assert set(new[:count]) <= set(played)


@given(old_lists, songs_played)
def test_the_found_plays_explain_the_new_list(old: list[int], played: list[int]) -> None:
    assume(len(set(played)) < DEPTH)
    new = play(old, played)
    count = count_played(old, new, depth=DEPTH)

    assert play(old, list(reversed(new[:count]))) == new


@given(old_lists)
def test_an_unchanged_list_means_no_play(old: list[int]) -> None:
    assert count_played(old, old, depth=DEPTH) == 0


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("abcd", "cabd", 1),
        ("abcd", "xabcd", 1),
        ("abcdefgh", "xyabcdef", 2),
        ("abcdefgh", "stuvwxyz", 8),
        ("", "abc", 3),
        ("abc", "cba", 2),
        ("abcdefgh", "xabcefgh", 1),
        ("abcd", "xabd", 1),
        ("abcd", "", None),
        ("abcd", "wxyz", None),
        ("abcd", "wxya", None),
    ],
    ids=[
        "replayed",
        "new",
        "pushed off the end",
        "all new at full depth",
        "nothing before",
        "all but one replayed",
        "one withdrawn from a full list",
        "one withdrawn from a short list",
        "cleared",
        "another list",
        "hardly an overlap",
    ],
)
def test_cases(old: str, new: str, count: int | None) -> None:
    assert count_played(old, new, depth=DEPTH) == count


@given(
    st.lists(st.integers(0, 15), min_size=5, max_size=DEPTH, unique=True),
    st.lists(st.integers(0, 19), max_size=3),
    st.integers(16, 19),
)
def test_a_list_without_the_last_lists_top_is_older(
    before: list[int], played: list[int], heard_first: int
) -> None:
    """Habit 18."""
    assert is_older(play(before, [*played, heard_first]), before, depth=DEPTH)


@given(old_lists, st.lists(st.integers(0, 15), max_size=DEPTH // 2))
def test_plays_never_make_a_list_look_older(before: list[int], played: list[int]) -> None:
    assert not is_older(before, play(before, played), depth=DEPTH)


@pytest.mark.parametrize(
    ("old", "new", "older"),
    [
        ("xabc", "abc", True),
        ("xyabcdef", "abcdefgh", True),
        ("xcab", "abc", True),
        ("abcd", "abcd", False),
        ("xabc", "yxabc", False),
        ("xabc", "yabc", False),
        ("abcdefgh", "stuvwxyz", False),
        ("abcd", "", False),
        ("dabc", "abcd", False),
    ],
    ids=[
        "before x",
        "before two that pushed others off",
        "before a play and a replay",
        "the same",
        "one more played",
        "one withdrawn, one played",
        "all new",
        "cleared",
        "the same songs in turn",
    ],
)
def test_older_lists(old: str, new: str, older: bool) -> None:
    assert is_older(old, new, depth=DEPTH) is older
