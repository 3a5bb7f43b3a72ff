"""Plays that players push: any order, split and repetition counts each play once."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import memory_stores as stores
from tests.fakes import ANNA, DAY, NOON, play
from topk.domain.chunk import Chunk
from topk.domain.play import Play
from topk.domain.play_rule import PlayReport
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.scrobbling.remove_play import remove_play
from topk.usecases.scrobbling.submit_plays import (
    AHEAD_SECONDS,
    SCROBBLER,
    Ignored,
    history,
    submit_plays,
)

RETENTION_DAYS = 35


def heard(title: str, at: int) -> Play:
    return play(title, at, provider=SCROBBLER)


def _submit(plays: stores.Plays, submitted: Sequence[Play]) -> tuple[Ignored | None, ...]:
    return submit_plays(
        ANNA,
        [PlayReport(one) for one in submitted],
        plays=plays,
        retention_days=RETENTION_DAYS,
        now=NOON,
    ).ignored


_heard = st.builds(
    heard, st.sampled_from("abc"), st.integers(NOON - 9 * DAY, NOON).map(lambda at: at // 60 * 60)
)


@given(st.lists(_heard, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_repeats_splits_and_reorderings_make_the_same_list(
    submitted: list[Play], dice: Random
) -> None:
    once, often = stores.Plays(), stores.Plays()
    _submit(once, submitted)
    calls = [[dice.choice(submitted)] for _ in range(3)]
    rest = [*submitted, *submitted[::2]]
    dice.shuffle(rest)
    while rest:
        size = dice.randint(1, len(rest))
        calls.append(rest[:size])
        rest = rest[size:]
    for call in calls:
        _submit(often, call)
    assert history(ANNA, plays=often, since=0) == history(ANNA, plays=once, since=0)
    assert _songs(often) == _songs(once)


def _songs(plays: stores.Plays) -> list[tuple[str, int]]:
    top_lists = stores.TopLists()
    aggregate(
        ANNA,
        ListPorts(plays, stores.Connections(), stores.Profiles(), top_lists),
        now=NOON,
    )
    found, _ = top_lists.get(ANNA)
    return [(song.title, song.listen_count) for song in found.songs] if found else []


def test_a_late_play_arrives_in_its_window() -> None:
    plays = stores.Plays()
    _submit(plays, [heard("a", NOON - DAY)])
    _submit(plays, [heard("b", NOON - 6 * DAY), heard("b", NOON - 6 * DAY + 600)])
    _submit(plays, [heard("c", NOON - 20 * DAY)])
    assert _songs(plays) == [("b", 2), ("a", 1)]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOON, None),
        (NOON + AHEAD_SECONDS - 1, None),
        (NOON + AHEAD_SECONDS, Ignored.FUTURE),
        (NOON + 10**9, Ignored.FUTURE),
        (NOON - RETENTION_DAYS * DAY, None),
        (NOON - RETENTION_DAYS * DAY - 1, Ignored.TOO_OLD),
        (-(10**9), Ignored.TOO_OLD),
    ],
)
def test_a_wrong_clock_costs_only_its_own_plays(at: int, expected: Ignored | None) -> None:
    plays = stores.Plays()
    assert _submit(plays, [heard("a", NOON - 60), heard("b", at)]) == (None, expected)
    assert len(history(ANNA, plays=plays, since=-(10**10))) == (2 if expected is None else 1)


def test_a_play_with_other_details_is_the_same_play() -> None:
    plays, first = stores.Plays(), heard("a", NOON - 60)
    other = first._replace(track=first.track._replace(album="Another album"))
    _submit(plays, [first])
    _submit(plays, [other])
    assert len(history(ANNA, plays=plays, since=0)) == 1


def test_only_pushed_plays_are_in_the_history() -> None:
    plays = stores.Plays()
    _submit(plays, [heard("a", NOON - 60)])
    plays.append([Chunk(ANNA, "spotify", NOON, "crawl", (play("b", NOON - 60),))])
    assert [one.track.title for one in history(ANNA, plays=plays, since=0)] == ["a"]


def test_a_removed_play_is_gone_from_the_list_and_others_stay() -> None:
    plays = stores.Plays()
    both = [heard("a", NOON - DAY), heard("b", NOON - DAY)]
    _submit(plays, both)
    crawled = both[0]._replace(provider="spotify")
    plays.append([Chunk(ANNA, "spotify", NOON, "crawl", (crawled,))])
    top_lists = stores.TopLists()
    remove_play(
        ANNA,
        NOON - DAY,
        lambda one: one.track.title == "a",
        ListPorts(plays, stores.Connections(), stores.Profiles(), top_lists),
        plays=plays,
        now=NOON,
    )
    assert [one.track.title for one in history(ANNA, plays=plays, since=0)] == ["b"]
    found, _ = top_lists.get(ANNA)
    assert found is not None
    assert {song.title for song in found.songs} == {"a", "b"}, "what was crawled stays"
