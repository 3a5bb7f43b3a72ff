"""Plays are append-only and found by their fetch time."""

from collections.abc import Iterable
from random import Random
from string import ascii_letters

import pytest
from pynamodb.models import Model

from tests.fakes import ANNA, BEN, DAY, NOON, play
from topk.domain.chunk import Chunk
from topk.domain.play import plays_of
from topk.stores.dynamodb.models import PlaysModel
from topk.stores.tables.plays import LARGEST_ROW_BYTES, Plays, fetched_at

pytestmark = pytest.mark.usefixtures("tables")


def _append(chunks: Iterable[Chunk]) -> Plays:
    store = Plays(retention_days=35)
    store.append(chunks)
    return store


def test_finds_chunks_by_fetch_time_whenever_the_plays_happened() -> None:
    offline = play("Offline", NOON - 20 * DAY)
    store = _append(
        [
            Chunk(ANNA, "spotify", NOON - 8 * DAY, "a", (play("Old", NOON - 8 * DAY),)),
            Chunk(ANNA, "spotify", NOON - 7 * DAY, "b", (play("Edge", NOON - 7 * DAY),)),
            Chunk(ANNA, "youtube", NOON, "c", (offline,)),
            Chunk(BEN, "spotify", NOON, "d", (play("Ben's", NOON),)),
        ]
    )
    found = [*plays_of(store.since(ANNA, NOON - 7 * DAY))]
    assert [(one.track.title, one.provider) for one in found] == [
        ("Edge", "spotify"),
        ("Offline", "youtube"),
    ]


def test_the_end_of_a_fetch_time_range_is_excluded() -> None:
    store = _append(
        Chunk(ANNA, "spotify", at, "c", (play(f"{at}", at),))
        for at in (NOON - 2, NOON - 1, NOON, NOON + 1)
    )
    found = [*plays_of(store.since(ANNA, NOON - 1, until=NOON))]
    assert [one.listened_at for one in found] == [NOON - 1]
    assert len([*plays_of(store.since(ANNA, NOON - 1))]) == 3


def test_two_crawls_in_the_same_second_are_both_kept() -> None:
    store = _append(Chunk(ANNA, "spotify", NOON, name, (play(name, NOON),)) for name in "ab")
    assert len([*plays_of(store.since(ANNA, 0))]) == 2


def test_more_chunks_than_a_batch_write_takes_are_all_written() -> None:
    store = _append(Chunk(ANNA, "spotify", NOON, f"{n}", (play("Dawn", n),)) for n in range(60))
    assert len([*plays_of(store.since(ANNA, 0))]) == 60


def test_a_chunk_too_large_for_a_row_is_split_the_same_way_each_time() -> None:
    noise = Random(7)
    long = tuple(play("".join(noise.choices(ascii_letters, k=500)), n) for n in range(700))
    for _ in range(2):
        store = _append([Chunk(ANNA, "spotify", NOON, "a", long)])
    assert set(plays_of(store.since(ANNA, NOON))) == set(long)
    rows = list(PlaysModel.scan())
    assert len(rows) == 2
    assert all(len(row.body) <= LARGEST_ROW_BYTES for row in rows)


def test_a_chunk_has_its_fetch_time_and_expires_after_the_retention() -> None:
    _append([Chunk(ANNA, "spotify", NOON, "a", (play("Dawn", NOON),))])
    (row,) = PlaysModel.scan()
    assert isinstance(row, Model)
    assert (fetched_at(row.chunk), row.expires_at) == (NOON, NOON + 35 * DAY)
