"""The timetable keeps entries until they are removed; the watermark only moves forward."""

import pytest

from tests.fakes import ANNA, NOON
from topk.domain.crawl.timetable import Cadence, Grid
from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.stores.tables.timetable import Timetable

pytestmark = pytest.mark.usefixtures("tables")
GRID = Grid(slot_minutes=10, shards=4)


def test_an_entry_is_found_only_in_its_slot_and_shard() -> None:
    store = Timetable()
    odd = Owner("harbor", "auth0|a:b@c")
    entries = {
        *GRID.entries(odd.key, "apple_music", Cadence(4)),
        *GRID.entries(ANNA.key, "s", Cadence(1, 3)),
    }
    store.add(entries)
    found = [
        entry
        for minute in range(0, 1440, 10)
        for shard in range(4)
        for entry in store.in_slot(minute, shard)
    ]
    assert len(found) == 5
    assert set(found) == entries


def test_removing_deletes_the_entry_and_can_be_repeated() -> None:
    store = Timetable()
    entries = GRID.entries(ANNA.key, "spotify", Cadence())
    store.add(entries)
    store.remove(entries)
    store.remove(entries)
    assert list(store.in_slot(entries[0].minute, entries[0].shard)) == []


def test_the_watermark_never_goes_back() -> None:
    store = Timetable()
    assert store.watermark(0) is None
    store.advance(0, NOON)
    with pytest.raises(ConflictError):
        store.advance(0, NOON - 60)
    assert (store.watermark(0), store.watermark(1)) == (NOON, None)
