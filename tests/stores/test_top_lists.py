"""Top lists: read as written, replaced only in the version that was read."""

from datetime import date

import pytest

from tests.fakes import ANNA, NOON
from topk.domain.completeness import Completeness
from topk.domain.errors import ConflictError, StoreError
from topk.domain.ranking import RankedSong
from topk.domain.toplist import TopList
from topk.stores.list_format import decode, encode
from topk.stores.models import TopListModel
from topk.stores.top_lists import TopLists

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
)
KNOWN = Completeness(5, (date(2026, 11, 16), date(2026, 11, 21)), 0.125)
LIST = TopList((SONG,), date(2026, 11, 22), "Europe/Berlin", KNOWN)


@pytest.mark.usefixtures("tables")
def test_reads_what_was_written() -> None:
    store = TopLists()
    assert store.get(ANNA) == (None, 0)
    store.put(ANNA, LIST, replacing=0)
    assert store.get(ANNA) == (LIST, 1)


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("replacing", [0, 7])
def test_only_the_version_that_was_read_is_replaced(replacing: int) -> None:
    store = TopLists()
    store.put(ANNA, LIST, replacing=0)
    with pytest.raises(ConflictError):
        store.put(ANNA, TopList((), date(2026, 11, 23), "UTC", Completeness()), replacing=replacing)
    assert store.get(ANNA) == (LIST, 1)


# SONG alone, as version 1 of the format was written.
VERSION_1 = bytes.fromhex(
    "019b3873436252724a6a5a7a46669691b189a999f9f6c37392528b145252f3145c0e2f49ce482dca53f830bfa779d2"
    "e2c3d372163fddb871d262ffbcd4c521e5f93ce7b2996e3adc54c828292928b6d2d7cf2f48cdd32b2ec82fc94cabd4"
    "4bcecfd52f294a4cced6375c306939547479657e694969522a00"
)


@pytest.mark.usefixtures("tables")
def test_a_list_of_an_earlier_version_is_read_as_it_was_written() -> None:
    assert decode(VERSION_1) == ((SONG,), None)
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
    stored = TopList((SONG,), date(2026, 11, 22), "UTC", Completeness(6))
    assert TopLists().get(ANNA) == (stored, 3)


@pytest.mark.parametrize("body", [b"", b"\x09rest", encode((SONG,), KNOWN)[:-9]])
def test_a_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(StoreError):
        decode(body)
