"""Weekly chunks beside the chunks that they outlive, in the table."""

from collections.abc import Iterable

import pytest

from tests.fakes import ANNA, DAY, NOON, play
from topk.domain.chunk import Chunk
from topk.domain.play import Brought, Play
from topk.domain.privacy.deletion import Deletion
from topk.stores.dynamodb.models import PlaysModel
from topk.stores.tables.plays import Plays
from topk.stores.tables.weekly_chunks import KEPT_SECONDS, MARKER, SILENT_SECONDS

pytestmark = pytest.mark.usefixtures("tables")
DAWN, DUSK, RAIN = (play(title, NOON - 20 * DAY + n) for n, title in enumerate("abc"))
STORE = Plays(retention_days=35)


def told(brought: Iterable[Brought]) -> set[Play]:
    return {one for _, plays in brought for one in plays}


def keep(*plays: Play, through: int = NOON - 14 * DAY) -> None:
    STORE.keep(ANNA, [(NOON - 20 * DAY, plays)], through=through)


def test_a_list_of_recent_plays_reads_no_weekly_chunk() -> None:
    keep(DAWN)
    assert STORE.begin_history(ANNA, 0)().brought == []
    assert STORE.since(ANNA, 0) == []


def test_a_long_history_is_of_weekly_chunks_and_of_later_ones() -> None:
    keep(DAWN)
    keep(DUSK, through=NOON - 7 * DAY)
    STORE.append([Chunk(ANNA, "spotify", NOON - 6 * DAY, "c", (RAIN,))])
    STORE.note_kept(ANNA, through=NOON - 7 * DAY)
    found = STORE.begin_long_history(ANNA, NOON - 14 * DAY, recent=NOON - 9 * DAY)()
    assert told(found.brought) == {DAWN, DUSK, RAIN}
    assert found.kept_through == NOON - 7 * DAY
    later = STORE.begin_long_history(ANNA, NOON - 14 * DAY + 1, recent=NOON - 9 * DAY)()
    assert told(later.brought) == {DUSK, RAIN}


def test_chunks_that_nobody_has_kept_are_read() -> None:
    STORE.append([Chunk(ANNA, "spotify", NOON - 20 * DAY, "c", (DAWN,))])
    found = STORE.begin_long_history(ANNA, NOON - 21 * DAY, recent=NOON - 9 * DAY)()
    assert told(found.brought) == {DAWN}
    STORE.note_kept(ANNA, through=NOON - 19 * DAY)
    found = STORE.begin_long_history(ANNA, NOON - 21 * DAY, recent=NOON - 9 * DAY)()
    assert told(found.brought) == set(), "the weekly chunk has them"


def test_other_plays_of_the_same_days_are_another_row_and_the_same_ones_are_not() -> None:
    keep(DAWN, DUSK)
    keep(DUSK, DAWN)
    assert len([*STORE.chunks(ANNA)]) == 1
    keep(RAIN)
    assert told((one.fetched_at, one.plays) for one in STORE.chunks(ANNA)) == {DAWN, DUSK, RAIN}


def test_deleted_plays_are_read_from_no_weekly_chunk_and_taken_out() -> None:
    keep(DAWN)
    STORE.mark(ANNA, Deletion(NOON, "spotify"))
    assert told(STORE.begin_long_history(ANNA, 0, recent=NOON)().brought) == set()
    assert told(STORE.all(ANNA)) == set()
    assert STORE.purge(ANNA, since=NOON - 13 * DAY) == 0
    assert STORE.purge(ANNA) == 1
    assert [*STORE.chunks(ANNA)] == []


def test_what_stays_of_a_weekly_chunk_is_weekly() -> None:
    keep(DAWN, DUSK)
    STORE.take_out(ANNA, lambda one: one == DAWN, since=0)
    (left,) = STORE.chunks(ANNA)
    assert (left.weekly, left.plays) == (True, (DUSK,))


def test_weekly_chunks_stay_a_year_and_the_marker_until_a_silence() -> None:
    keep(DAWN)
    STORE.note_kept(ANNA, through=NOON)
    expiries = {row.chunk[:2]: row.expires_at for row in PlaysModel.query(ANNA.key)}
    assert expiries == {
        "!1": NOON - 14 * DAY + KEPT_SECONDS,
        MARKER: NOON + SILENT_SECONDS,
    }
    assert KEPT_SECONDS > 373 * DAY


def test_the_end_of_the_latest_weekly_chunk_is_found() -> None:
    assert STORE.kept_through(ANNA) == 0
    keep(DAWN)
    keep(DUSK, through=NOON - 7 * DAY)
    assert STORE.kept_through(ANNA) == NOON - 7 * DAY


def test_markers_are_read_beside_the_marker_of_weekly_chunks() -> None:
    STORE.note_kept(ANNA, through=NOON)
    STORE.mark(ANNA, Deletion(NOON, "spotify"))
    assert (STORE.corrections(ANNA), STORE.hidden(ANNA)) == ([], [])
    assert STORE.deletions(ANNA) == [Deletion(NOON, "spotify")]


def test_erasing_leaves_neither() -> None:
    keep(DAWN)
    STORE.note_kept(ANNA, through=NOON)
    assert [*STORE.erase(ANNA)]
    assert [*PlaysModel.scan()] == []
