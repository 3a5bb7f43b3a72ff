"""The timetable keeps entries until they are removed; a shard has one holder, and its
watermark only moves forward."""

import pytest

from tests.fakes import ANNA, NOON
from topk.domain.crawl.timetable import Cadence, Grid, Shard
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


def test_a_leased_shard_is_refused_to_others_until_the_lease_ends() -> None:
    store = Timetable()
    assert store.lease(0, "a", now=NOON, until=NOON + 50) is None
    with pytest.raises(ConflictError):
        store.lease(0, "b", now=NOON + 49, until=NOON + 99)
    assert store.shards(2) == [Shard(0, None, NOON + 50), Shard(1, None, 0)]
    store.release(0, "a", through=NOON - 60)
    assert store.lease(0, "b", now=NOON, until=NOON + 50) == NOON - 60
    assert store.lease(0, "c", now=NOON + 50, until=NOON + 99) == NOON - 60


def test_only_the_holder_moves_the_watermark_and_only_forward() -> None:
    store = Timetable()
    store.lease(0, "a", now=NOON, until=NOON + 50)
    store.advance(0, "a", through=NOON, until=NOON + 80)
    for holder, through in [("a", NOON), ("a", NOON - 60), ("b", NOON + 60)]:
        with pytest.raises(ConflictError):
            store.advance(0, holder, through=through, until=NOON + 99)
        with pytest.raises(ConflictError):
            store.release(0, holder, through=through)
    assert store.shards(1) == [Shard(0, NOON, NOON + 80)]
    store.release(0, "a", through=None)
    assert store.shards(1) == [Shard(0, NOON, 0)]
