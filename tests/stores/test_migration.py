"""How a format changes while old and new code run on the same rows, step by step.

The next format is a stand-in (JSON behind version 9). Each step is deployed only once the one
before is everywhere, and at each step the code before may still run.

1  shadow     every list is also written and read in the next format, in memory; differences logged
2  dual read  both formats are understood; the old one is written
3  dual write the row carries both bodies; readers take the old one and compare
4  switch     the new one is written alone; step 2's code still reads it
"""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.test_top_lists import LIST, PLAIN
from topk.domain.errors import StoreError
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.top_list import TopList
from topk.stores.codecs import list_format
from topk.stores.codecs.roundtrip_check import RoundtripCheck

NEXT = b"\x09"
SIMPLE = TopList((PLAIN,), date(2026, 11, 22), "UTC", Completeness(7))
Row = dict[str, bytes]
Write = Callable[[TopList], Row]
Read = Callable[[Row], TopList]


def _next_encode(found: TopList) -> bytes:
    songs = [[*song] for song in found.songs]
    return NEXT + json.dumps([songs, found.completeness.complete_days]).encode()


def _next_decode(body: bytes, beside: TopList) -> TopList:
    songs, days = json.loads(body[1:])
    ranked = (RankedSong(*map(_frozen, song)) for song in songs)
    return TopList(tuple(ranked), beside.as_of, beside.time_zone, Completeness(days))


def _frozen(part: Any) -> Any:
    return tuple(part) if isinstance(part, list) else part


def _old(body: bytes) -> TopList:
    return list_format.decode(body, as_of=SIMPLE.as_of, time_zone=SIMPLE.time_zone)


def _either(body: bytes) -> TopList:
    return _next_decode(body, SIMPLE) if body[:1] == NEXT else _old(body)


def _write_old(found: TopList) -> Row:
    return {"body": list_format.encode(found)}


def _write_both(found: TopList) -> Row:
    return {**_write_old(found), "next": _next_encode(found)}


def _write_next(found: TopList) -> Row:
    return {"body": _next_encode(found)}


def _read_old(row: Row) -> TopList:
    return _old(row["body"])


def _read_either(row: Row) -> TopList:
    return _either(row["body"])


def _read_and_compare(row: Row) -> TopList:
    served = _either(row["body"])
    if "next" in row:
        assert _next_decode(row["next"], SIMPLE) == served
    return served


STEPS: list[tuple[str, Write, Read]] = [
    ("before", _write_old, _read_old),
    ("dual read", _write_old, _read_either),
    ("dual write", _write_both, _read_and_compare),
    ("switch", _write_next, _read_and_compare),
]


def _beside() -> Iterator[tuple[str, Write, Read]]:
    """Pairs of writers and readers that coexist while one step replaces the previous one."""
    for (before, old_write, old_read), (after, write, read) in itertools.pairwise(STEPS):
        yield f"{before}, read after {after}", old_write, read
        yield f"{after}, read by {before}", write, old_read


@pytest.mark.parametrize(("write", "read"), [(w, r) for _, w, r in _beside()],
                         ids=[name for name, _, _ in _beside()])  # fmt: skip
@given(counts=st.lists(st.integers(1, 10**6), max_size=8))
def test_adjacent_steps_read_each_others_rows(write: Write, read: Read, counts: list[int]) -> None:
    songs = tuple(PLAIN._replace(listen_count=count) for count in counts)
    found = replace(SIMPLE, songs=songs)
    assert read(write(found)) == found


def test_a_skipped_step_is_detected() -> None:
    with pytest.raises(StoreError):
        _read_old(_write_next(SIMPLE))


def test_a_roundtrip_check_reports_what_the_next_format_would_lose() -> None:
    reported: list[str] = []
    shadow = RoundtripCheck(_next_encode, _next_decode, reported.append)
    shadow(SIMPLE)
    assert reported == []
    shadow(LIST)
    assert reported == [""]


def test_a_failing_roundtrip_check_does_no_harm_and_names_the_place() -> None:
    def broken(_: TopList) -> bytes:
        raise ZeroDivisionError

    reported: list[str] = []
    RoundtripCheck(broken, _next_decode, reported.append)(LIST)
    [place] = reported
    assert "ZeroDivisionError" in place


def test_the_current_format_loses_nothing() -> None:
    reported: list[str] = []
    RoundtripCheck(list_format.encode, lambda body, _: list_format.decode(
        body, as_of=LIST.as_of, time_zone=LIST.time_zone), reported.append)(LIST)  # fmt: skip
    assert reported == []
