"""Compacted chunks beside the chunks that they outlive, in the table."""

from collections.abc import Iterable

import pytest

from cli.studies.benchmark.listening import chunks
from tests.fakes import ANNA, DAY, NOON, play
from topk.domain.chunk import Chunk, compacted
from topk.domain.owner import Owner
from topk.domain.play import Brought, Play
from topk.domain.privacy.deletion import Deletion
from topk.stores.codecs.chunk_format import encode
from topk.stores.codecs.compacted_chunks import COMPACTED_SECONDS, MARKER, SILENT_SECONDS
from topk.stores.dynamodb.models import PlaysModel
from topk.stores.tables.plays import Plays
from topk.usecases.lists.compact_plays import EVERY_DAYS

pytestmark = pytest.mark.usefixtures("tables")
DAWN, DUSK, RAIN = (play(title, NOON - 20 * DAY + n) for n, title in enumerate("abc"))
STORE = Plays(retention_days=35)


def plays_in(brought: Iterable[Brought]) -> set[Play]:
    return {one for _, plays in brought for one in plays}


def compact(*plays: Play, through: int = NOON - 14 * DAY) -> None:
    STORE.compact(ANNA, [(NOON - 20 * DAY, plays)], through=through)


def test_a_day_costs_less_than_a_write_unit_of_compacted_chunks() -> None:
    """Thirty plays a day through two providers; a unit is 1 KB with keys (DynamoDB)."""
    owners = [[*compacted(ANNA, _chunks_of(name), through=NOON)] for name in "abcd"]
    units = sum(_units(encode(one.plays)) for of_owner in owners for one in of_owner)
    marker = len(owners)
    assert 0.5 < (units + marker) / len(owners) / EVERY_DAYS < 0.9
    daily = [[*compacted(ANNA, [one], through=NOON)] for one in _chunks_of("a")]
    assert sum(_units(encode(one.plays)) for day in daily for one in day) >= 2 * EVERY_DAYS


def _chunks_of(name: str) -> list[Brought]:
    """A chunk a day for each of two providers, of two weeks."""
    crawls = chunks(
        Owner("harbor", name),
        per_day=30,
        crawls_per_day=2,
        since=NOON - EVERY_DAYS * DAY,
        until=NOON,
    )
    return [
        (one.fetched_at, tuple(play._replace(provider=f"p{n % 2}") for play in one.plays))
        for n, one in enumerate(crawls)
    ]


def _units(body: bytes) -> int:
    return -(-(len(body) + 120) // 1024)


def test_a_list_of_recent_plays_reads_no_compacted_chunk() -> None:
    compact(DAWN)
    assert STORE.begin_history(ANNA, 0)().brought == []
    assert STORE.since(ANNA, 0) == []


def test_a_long_history_is_of_compacted_chunks_and_of_later_ones() -> None:
    compact(DAWN)
    compact(DUSK, through=NOON - 7 * DAY)
    STORE.append([Chunk(ANNA, "spotify", NOON - 6 * DAY, "c", (RAIN,))])
    STORE.note_compacted(ANNA, through=NOON - 7 * DAY)
    found = STORE.begin_long_history(ANNA, NOON - 14 * DAY, recent=NOON - 9 * DAY)()
    assert plays_in(found.brought) == {DAWN, DUSK, RAIN}
    assert found.compacted_through == NOON - 7 * DAY
    later = STORE.begin_long_history(ANNA, NOON - 14 * DAY + 1, recent=NOON - 9 * DAY)()
    assert plays_in(later.brought) == {DUSK, RAIN}


def test_chunks_that_nobody_has_kept_are_read() -> None:
    STORE.append([Chunk(ANNA, "spotify", NOON - 20 * DAY, "c", (DAWN,))])
    found = STORE.begin_long_history(ANNA, NOON - 21 * DAY, recent=NOON - 9 * DAY)()
    assert plays_in(found.brought) == {DAWN}
    STORE.note_compacted(ANNA, through=NOON - 19 * DAY)
    found = STORE.begin_long_history(ANNA, NOON - 21 * DAY, recent=NOON - 9 * DAY)()
    assert plays_in(found.brought) == set(), "the compacted chunk has them"


def test_other_plays_of_the_same_days_are_another_row_and_the_same_ones_are_not() -> None:
    compact(DAWN, DUSK)
    compact(DUSK, DAWN)
    assert len([*STORE.chunks(ANNA)]) == 1
    compact(RAIN)
    assert plays_in((one.fetched_at, one.plays) for one in STORE.chunks(ANNA)) == {DAWN, DUSK, RAIN}


def test_deleted_plays_are_read_from_no_compacted_chunk_and_taken_out() -> None:
    compact(DAWN)
    STORE.mark(ANNA, Deletion(NOON, "spotify"))
    assert plays_in(STORE.begin_long_history(ANNA, 0, recent=NOON)().brought) == set()
    assert plays_in(STORE.all(ANNA)) == set()
    assert STORE.purge(ANNA, since=NOON - 13 * DAY) == 0
    assert STORE.purge(ANNA) == 1
    assert [*STORE.chunks(ANNA)] == []


def test_what_stays_of_a_compacted_chunk_is_compacted() -> None:
    compact(DAWN, DUSK)
    STORE.take_out(ANNA, lambda one: one == DAWN, since=0)
    (left,) = STORE.chunks(ANNA)
    assert (left.compacted, left.plays) == (True, (DUSK,))


def test_compacted_chunks_stay_a_year_and_the_marker_until_a_silence() -> None:
    compact(DAWN)
    STORE.note_compacted(ANNA, through=NOON)
    expiries = {row.chunk[:2]: row.expires_at for row in PlaysModel.query(ANNA.key)}
    assert expiries == {
        "!1": NOON - 14 * DAY + COMPACTED_SECONDS,
        MARKER: NOON + SILENT_SECONDS,
    }
    assert COMPACTED_SECONDS > 373 * DAY


def test_the_end_of_the_latest_compacted_chunk_is_found() -> None:
    assert STORE.compacted_through(ANNA) == 0
    compact(DAWN)
    compact(DUSK, through=NOON - 7 * DAY)
    assert STORE.compacted_through(ANNA) == NOON - 7 * DAY


def test_markers_are_read_beside_the_marker_of_compacted_chunks() -> None:
    STORE.note_compacted(ANNA, through=NOON)
    STORE.mark(ANNA, Deletion(NOON, "spotify"))
    assert (STORE.corrections(ANNA), STORE.hidden(ANNA)) == ([], [])
    assert STORE.deletions(ANNA) == [Deletion(NOON, "spotify")]


def test_erasing_leaves_neither() -> None:
    compact(DAWN)
    STORE.note_compacted(ANNA, through=NOON)
    assert [*STORE.erase(ANNA)]
    assert [*PlaysModel.scan()] == []
