"""The timetable keeps entries until they are removed; a shard has one holder, and its
watermark only moves forward."""

import pytest

from simulator.aws.dynamodb.item_size import item_size
from tests.fakes import ANNA, NOON
from topk.domain.crawl.load_shedding import Census, CrawlClass
from topk.domain.crawl.timetable import Cadence, Grid, Shard
from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.stores.tables.timetable import Timetable, _encoded

pytestmark = pytest.mark.usefixtures("tables")
GRID = Grid(slot_minutes=10, shards=4)
CENSUS = Census(20_000, 3, {"spotify": {CrawlClass(7): 2, CrawlClass(1, True, 4): 1}})


def test_an_entry_is_found_only_in_its_slot_and_shard() -> None:
    store = Timetable()
    odd = Owner("harbor", "auth0|a:b@c")
    entries = {
        *GRID.entries(odd.key, "apple_music", Cadence(4)),
        *GRID.entries(ANNA.key, "s", Cadence(1, 3, 7, followed=True)),
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
    assert store.lease(0, "a", now=NOON, until=NOON + 50) == Shard(0, None, NOON + 50)
    with pytest.raises(ConflictError):
        store.lease(0, "b", now=NOON + 49, until=NOON + 99)
    assert store.shards(2) == [Shard(0, None, NOON + 50), Shard(1, None, 0)]
    store.release(0, "a", through=NOON - 60, census=CENSUS)
    assert store.lease(0, "b", now=NOON, until=NOON + 50).through == NOON - 60
    found = store.lease(0, "c", now=NOON + 50, until=NOON + 99)
    assert found == Shard(0, NOON - 60, NOON + 99, CENSUS)


def test_only_the_holder_moves_the_watermark_and_only_forward() -> None:
    store = Timetable()
    store.lease(0, "a", now=NOON, until=NOON + 50)
    store.advance(0, "a", through=NOON, until=NOON + 80, census=CENSUS)
    for holder, through in [("a", NOON), ("a", NOON - 60), ("b", NOON + 60)]:
        with pytest.raises(ConflictError):
            store.advance(0, holder, through=through, until=NOON + 99, census=CENSUS)
        with pytest.raises(ConflictError):
            store.release(0, holder, through=through, census=CENSUS)
    assert store.shards(1) == [Shard(0, NOON, NOON + 80, CENSUS)]
    store.release(0, "a", through=None, census=Census())
    assert store.shards(1) == [Shard(0, NOON, 0, CENSUS)]


def test_a_census_of_eight_apps_fits_one_write_unit() -> None:
    of_app = {CrawlClass(days): 900 for days in (1, 2, 3, 4, 5, 6, 7)}
    of_app |= {CrawlClass(followed=True): 99, CrawlClass(pulled_every=7): 800}
    census = Census(20_000, 1440, {f"provider-{n}": dict(of_app) for n in range(8)})
    store = Timetable()
    store.lease(0, "a", now=NOON, until=NOON + 50)
    store.advance(0, "a", through=NOON, until=NOON + 80, census=census)
    assert store.shards(1)[0].census == census
    assert item_size({"census": {"S": _encoded(census)}}) < 900, "the row has other attributes too"
