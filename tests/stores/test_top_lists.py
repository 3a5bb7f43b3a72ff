"""Top lists are read as written and replaced only on the version that was read."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, NOON
from topk.domain.errors import ConflictError, StoreError
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past, place
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.top_list import Redacted, TopList
from topk.stores.codecs.list_format import VERSION, decode, encode
from topk.stores.dynamodb.models import TopListModel
from topk.stores.tables.top_lists import TopLists

SONG = RankedSong(
    song_id="abcdefghij234567",
    title="Über den Dächern 🌃",
    singers=("Öl", "山"),
    albums=("One", "Two"),
    listen_count=12,
    last_listened_at=NOON,
    url="https://open.spotify.com/track/1",
    image="",
    providers=("spotify", "youtube"),
    joined=("qrstuvwxyz234567",),
)
PLAIN = SONG._replace(joined=())
KNOWN = Completeness(5, (date(2026, 11, 16), date(2026, 11, 21)), 0.125)
PAST = Past(
    (place(SONG.ids), ("gezdgn",)),
    (place(PLAIN.ids),),
    1_234_567_890,
    turn=Past((("gezdgn", "gu3doo"), place(SONG.ids)), made_of=12),
)
LIST = TopList(
    (SONG,),
    date(2026, 11, 22),
    "Europe/Berlin",
    KNOWN,
    PAST,
    Redacted(b"8 bytes!", (PLAIN,), Completeness(2), Past((("gu3doo",),))),
)


@pytest.mark.usefixtures("tables")
def test_reads_what_was_written() -> None:
    store = TopLists(clock=lambda: 0.001)
    assert store.get(ANNA) == (None, 0)
    store.put(ANNA, LIST, replacing=0)
    assert store.get(ANNA) == (LIST, 1)


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("replacing", [0, 7])
def test_only_the_version_that_was_read_is_replaced(replacing: int) -> None:
    store = TopLists(clock=lambda: 0.001)
    store.put(ANNA, LIST, replacing=0)
    with pytest.raises(ConflictError):
        store.put(ANNA, TopList((), date(2026, 11, 23), "UTC", Completeness()), replacing=replacing)
    assert store.get(ANNA) == (LIST, 1)


@pytest.mark.usefixtures("tables")
def test_a_list_created_again_has_a_higher_version_than_before() -> None:
    TopLists(clock=lambda: NOON).put(ANNA, LIST, replacing=0)
    TopLists().put(ANNA, LIST, replacing=NOON * 1000)
    for _ in TopLists().erase(ANNA):
        continue
    TopLists(clock=lambda: NOON + 1.5).put(ANNA, LIST, replacing=0)
    assert TopLists().get(ANNA) == (LIST, NOON * 1000 + 1500)


GOLDEN = Path(__file__).parent / "golden"
# SONG alone, in version 1 of the format.
VERSION_1 = (GOLDEN / "list-1.bin").read_bytes()
# SONG and KNOWN, in version 2.
VERSION_2 = (GOLDEN / "list-2.bin").read_bytes()
# LIST, in version 3, which does not have the turn of its previous weeks.
VERSION_3 = (GOLDEN / "list-3.bin").read_bytes()
# LIST, in version 4.
VERSION_4 = (GOLDEN / "list-4.bin").read_bytes()
DUPLICATE = replace(LIST, completeness=replace(KNOWN, duplicates=("apple_music",)))
# DUPLICATE, in version 5, which is written only where accounts are left out.
VERSION_5 = (GOLDEN / "list-5.bin").read_bytes()


def _decoded(body: bytes) -> TopList:
    return decode(body, as_of=LIST.as_of, time_zone=LIST.time_zone, complete_days=6)


def _whole(found: TopList) -> tuple[Any, ...]:
    """A list, and the parts of its previous weeks that comparisons ignore."""
    redacted = found.redacted
    return found, *map(_kept, (found.past, redacted.past if redacted else None))


def _kept(past: Past | None) -> tuple[Any, ...]:
    return (past, past.made_of, _kept(past.turn)) if past else ()


@pytest.mark.usefixtures("tables")
def test_a_list_of_an_earlier_version_is_read() -> None:
    row = TopListModel(
        ANNA.key,
        "7d",
        body=VERSION_1,
        as_of="2026-11-22",
        time_zone="UTC",
        complete_days=6,
        version=3,
    )
    row.save()
    stored = TopList((PLAIN,), date(2026, 11, 22), "UTC", Completeness(6))
    assert TopLists().get(ANNA) == (stored, 3)
    assert _decoded(VERSION_2) == replace(LIST, songs=(PLAIN,), past=None, redacted=None)
    assert _decoded(VERSION_3) == LIST


def test_every_version_ever_written_is_kept() -> None:
    kept = sorted(one.name for one in GOLDEN.glob("list-*.bin"))
    assert kept == [f"list-{version}.bin" for version in range(1, VERSION + 1)]


def test_a_list_is_written_in_the_oldest_version_that_holds_it() -> None:
    assert encode(LIST) == VERSION_4
    assert _whole(_decoded(VERSION_4)) == _whole(LIST)
    assert encode(DUPLICATE) == VERSION_5
    assert _whole(_decoded(VERSION_5)) == _whole(DUPLICATE)


def test_a_popular_list_is_read_once() -> None:
    assert _decoded(VERSION_4) is _decoded(bytes(bytearray(VERSION_4)))


_ids = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16)
_places = st.lists(
    st.lists(_ids, min_size=1, max_size=3).map(place),
    max_size=6,
).map(tuple)
_checksums = st.integers(0, 2**32 - 1)
_turns = st.builds(Past, _places, made_of=_checksums)
_pasts = st.builds(
    Past,
    _places,
    st.none() | _places.map(lambda found: found[:2]),
    _checksums,
    st.none() | _turns,
)


@given(_pasts, _pasts, st.binary(min_size=8, max_size=8))
def test_previous_weeks_are_read_as_written(own: Past, other: Past, stamp: bytes) -> None:
    found = replace(LIST, past=own, redacted=Redacted(stamp, (), Completeness(1), other))
    assert _whole(_decoded(encode(found))) == _whole(found)


@pytest.mark.parametrize("body", [b"", b"\x09rest", encode(LIST)[:-9]])
def test_a_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(StoreError):
        _decoded(body)
