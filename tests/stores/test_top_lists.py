"""Top lists: read as written, replaced only in the version that was read."""

from datetime import date

import pytest

from tests.fakes import ANNA, NOON
from topk.domain.errors import ConflictError, StoreError
from topk.domain.ranking import RankedSong
from topk.domain.toplist import TopList
from topk.stores.list_format import decode, encode
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
LIST = TopList((SONG,), date(2026, 11, 22), "Europe/Berlin", 6)


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
        store.put(ANNA, TopList((), date(2026, 11, 23), "UTC", 0), replacing=replacing)
    assert store.get(ANNA) == (LIST, 1)


@pytest.mark.parametrize("body", [b"", b"\x09rest", encode((SONG,))[:-9]])
def test_a_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(StoreError):
        decode(body)
