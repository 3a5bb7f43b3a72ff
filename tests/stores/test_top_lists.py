"""Top lists: read as written, replaced only in the version that was read."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, NOON
from topk.domain.completeness import Completeness
from topk.domain.errors import ConflictError, StoreError
from topk.domain.past import Past, place
from topk.domain.ranking import RankedSong
from topk.domain.toplist import Redacted, TopList
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
    joined=("qrstuvwxyz234567",),
)
PLAIN = replace(SONG, joined=())
KNOWN = Completeness(5, (date(2026, 11, 16), date(2026, 11, 21)), 0.125)
PAST = Past((place(SONG.ids), (b"1234",)), (place(PLAIN.ids),), 1_234_567_890)
LIST = TopList(
    (SONG,),
    date(2026, 11, 22),
    "Europe/Berlin",
    KNOWN,
    PAST,
    Redacted(b"8 bytes!", (PLAIN,), Completeness(2), Past(((b"5678",),))),
)


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
# SONG and KNOWN, as version 2 was.
VERSION_2 = bytes.fromhex(
    "029b3271e686c4a4e494d4b4f48ccc2c2363135333f3ed87e724a51629a4a4e629b81c5e929c915a94a7f0617e4ff3"
    "a4c587a7e52c7eba71e3a4c5fe79a98b43caf379ce6533dd74b8a990515252506ca5af9f5f909aa7575c905f929956"
    "a9979c9fab5f5294989cad6fb860d272a8e8f2cafcd292d2a454d649e718b8bd1240446a2d00"
)
# LIST, as version 3 is.
VERSION_3 = bytes.fromhex(
    "039a04d0d459004ddc9098949c929a969e919965646c626a660ed0c4ed87e724a51629a4a4e629b81c5e929c915a"
    "94a7f0617e4f334013272d3e3c2d67f1d38d1b0102b2fcf352178794e703349107a089e7b2996e3a0034f1a64246"
    "494941b195be7e7e416a9e5e71417e49665aa55e727eae7e49516272b6be21401317003471d272a8f8f2cafcd292"
    "d2a45480264edc5058545c525a565e515905b11e20d649e718b8bd1240446aed94739ed3982e1de1617031126949"
    "b50a3304aa99c838f1080b4800a04947382c14922a4b528b15019a3a0b204c7f0084d31f0021fc0110c21f004de4"
    "0108e20f8088f0074013170084e90f80264e00886902c31486232c407b2d261c000c00"
)


def _decoded(body: bytes) -> TopList:
    return decode(body, as_of=LIST.as_of, time_zone=LIST.time_zone, complete_days=6)


@pytest.mark.usefixtures("tables")
def test_a_list_of_an_earlier_version_is_read_as_it_was_written() -> None:
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


def test_a_list_is_written_as_every_later_version_reads_it() -> None:
    assert encode(LIST) == VERSION_3
    assert _decoded(VERSION_3) == LIST


def test_a_list_that_many_look_at_is_read_once() -> None:
    assert _decoded(VERSION_3) is _decoded(bytes(bytearray(VERSION_3)))


_ids = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16)
_places = st.lists(
    st.lists(_ids, min_size=1, max_size=3).map(place),
    max_size=6,
).map(tuple)
_pasts = st.builds(
    Past, _places, st.none() | _places.map(lambda found: found[:2]), st.integers(0, 2**32 - 1)
)


@given(_pasts, _pasts, st.binary(min_size=8, max_size=8))
def test_what_is_told_of_the_past_is_read_as_written(own: Past, other: Past, stamp: bytes) -> None:
    found = replace(LIST, past=own, redacted=Redacted(stamp, (), Completeness(1), other))
    read = _decoded(encode(found))
    assert read == found
    assert read.past
    assert read.past.made_of == own.made_of


@pytest.mark.parametrize("body", [b"", b"\x09rest", encode(LIST)[:-9]])
def test_a_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(StoreError):
        _decoded(body)
