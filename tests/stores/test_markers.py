"""Markers: deletions, corrections and hidden songs beside the plays, and in the archive."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.recovery.restore_plays import restore_markers
from tests.fake_s3 import FakeS3
from tests.fakes import ANNA, BEN, NOON, play, track
from topk.domain.chunk import Chunk
from topk.domain.errors import LimitReachedError, StoreError
from topk.domain.limits import LARGEST_CORRECTION
from topk.domain.owner import Owner
from topk.domain.play import Play, plays_of
from topk.domain.play_log import Corrected, Undone, standing
from topk.domain.privacy.deletion import Deletion
from topk.domain.song.identity import song_id
from topk.domain.song.marks import FIRST_RULE, SongMark, Spelling, mark_of
from topk.domain.toplist.corrections import Correction, Kind
from topk.stores.dynamodb.models import PlaysModel
from topk.stores.s3.archive import Archive
from topk.stores.tables.markers import (
    correction_row,
    deletion_row,
    is_correction,
    is_deletion,
    moment_of,
    read_correction,
    read_deletion,
)
from topk.stores.tables.plays import Plays, fetched_at

RAIN, DAWN = track("Rain"), track("Dawn")
SPLIT = Correction(NOON, Kind.SPLIT, (mark_of([RAIN], [RAIN._replace(title="RAIN")]),))
NOT_ME = Correction(NOON + 1, Kind.NOT_ME, (mark_of([DAWN], []),), 5, NOON, "spotify")
_spellings = st.lists(
    st.builds(Spelling, st.text(max_size=20), st.lists(st.text(max_size=9), max_size=3).map(tuple)),
    max_size=3,
).map(tuple)
_ids = st.lists(st.text("abcdefgh", min_size=16, max_size=16), max_size=3).map(tuple)
_marks = st.builds(SongMark, _ids, _spellings, _spellings, st.integers(1, 9))
_moments = st.integers(0, 9_999_999_999)
_corrections = st.builds(
    Correction,
    _moments,
    st.sampled_from(Kind),
    st.lists(_marks, max_size=2).map(tuple),
    _moments,
    _moments,
    st.sampled_from(["", "spotify"]),
)
_deletions = st.builds(
    Deletion, _moments, st.sampled_from(["", "spotify"]), _marks, st.just(("GBAYE0601498",))
)


@given(_corrections | st.builds(Undone, _moments, st.just("a" * 16)))
def test_a_correction_is_read_as_it_was_written(one: Corrected) -> None:
    row = correction_row(ANNA, one)
    assert read_correction(row.chunk, row.body) == one
    assert fetched_at(row.chunk) == moment_of(row.chunk) == one.made_at
    assert is_correction(row.chunk)
    assert not is_deletion(row.chunk)


@given(_deletions)
def test_a_deletion_is_read_as_it_was_written(one: Deletion) -> None:
    row = deletion_row(ANNA, one)
    assert read_deletion(row.chunk, row.body) == one
    assert is_deletion(row.chunk)


def test_a_deletion_that_names_no_rule_is_of_the_first_one() -> None:
    body = msgspec.msgpack.encode(("", ("a" * 16,), ("GBAYE0601498",)))
    expected = Deletion(NOON, song=SongMark(("a" * 16,), rule=FIRST_RULE), isrcs=("GBAYE0601498",))
    assert read_deletion(f"~{NOON:010}#0123456789abcdef", body) == expected


@pytest.mark.parametrize("body", [b"", b"\xff", msgspec.msgpack.encode((9, "split"))])
def test_an_unreadable_correction_fails_as_a_store_does(body: bytes) -> None:
    with pytest.raises(StoreError):
        read_correction(f"~c{NOON:010}#{'a' * 16}", body)


def test_a_correction_that_is_too_large_is_refused() -> None:
    long = tuple(Spelling("x" * 300, (f"{at}",)) for at in range(LARGEST_CORRECTION // 300 + 1))
    with pytest.raises(LimitReachedError):
        correction_row(ANNA, Correction(NOON, Kind.SPLIT, (SongMark(spellings=long),)))


@given(st.permutations([SPLIT, Undone(NOON + 5, SPLIT.correction_id), NOT_ME]))
def test_what_was_said_last_of_a_correction_counts(rows: list[Corrected]) -> None:
    assert standing(rows) == [NOT_ME]
    again = Correction(NOON + 9, SPLIT.kind, SPLIT.songs)
    assert standing([*rows, again]) == [NOT_ME, again]


@pytest.mark.usefixtures("tables")
class TestRows:
    def test_corrections_are_read_with_the_plays_and_are_none(self) -> None:
        store = Plays(retention_days=35)
        store.append([Chunk(ANNA, "spotify", NOON, "a", (Play("spotify", RAIN, NOON - 60),))])
        store.mark(ANNA, Deletion(NOON - 60, "lastfm"))
        store.correct(ANNA, SPLIT)
        store.name_hidden(ANNA, [SongMark(("a" * 16,))], now=NOON)
        found = store.begin_history(ANNA, NOON)()
        assert (found.corrections, found.hidden) == ([SPLIT], [SongMark(("a" * 16,))])
        assert len([*plays_of(found.brought)]) == 1
        assert len([*store.chunks(ANNA)]) == 1
        assert store.deletions(ANNA) == [Deletion(NOON - 60, "lastfm")]
        assert store.since(ANNA, 0, until=NOON) == []
        assert store.begin_history(BEN, 0)().corrections == []

    def test_an_undone_correction_leaves_a_row_that_expires(self) -> None:
        store = Plays(retention_days=35)
        store.correct(ANNA, SPLIT)
        gone = Undone(NOON + 1, SPLIT.correction_id)
        store.correct(ANNA, gone, replacing=[SPLIT])
        assert store.corrections(ANNA) == [gone]
        [row] = PlaysModel.query(ANNA.key)
        assert row.expires_at > NOON
        assert store.begin_history(ANNA, 0)().corrections == []

    def test_a_hidden_song_is_forgotten_by_any_of_its_ids(self) -> None:
        store = Plays(retention_days=35)
        known = [SongMark(("a" * 16, "b" * 16)), SongMark(("c" * 16,))]
        store.name_hidden(ANNA, known, now=NOON)
        store.forget_hidden(ANNA, {"b" * 16})
        assert store.hidden(ANNA) == [SongMark(("c" * 16,))]

    def test_erasing_an_owner_leaves_no_marker(self) -> None:
        store = Plays(retention_days=35)
        store.correct(ANNA, SPLIT)
        store.name_hidden(ANNA, [SongMark(("a" * 16,))], now=NOON)
        store.correct(BEN, NOT_ME)
        for _ in store.erase(ANNA):
            continue
        assert [row.owner for row in PlaysModel.scan()] == [BEN.key]

    def test_a_restore_brings_back_what_was_not_undone(self) -> None:
        archive, store = Archive(FakeS3(), bucket="archive"), Plays(retention_days=35)
        corrected = [(ANNA, SPLIT), (BEN, NOT_ME), (Owner("meadow", "anna"), NOT_ME)]
        archive.note([(ANNA, Deletion(NOON, song=SongMark((song_id(RAIN),))))], corrected)
        archive.note([], [(ANNA, Undone(NOON + 2, SPLIT.correction_id))])
        for _ in range(2):
            restore_markers(archive=archive, plays=store)
            assert standing(store.corrections(ANNA)) == []
            assert store.corrections(BEN) == [NOT_ME]
            assert len(store.deletions(ANNA)) == 1
            archive.gather()

    def test_corrections_hide_no_archived_play(self) -> None:
        archive = Archive(FakeS3(), bucket="archive")
        [file] = archive.write([Chunk(ANNA, "spotify", NOON, "a", (play("Dawn", NOON - 60),))])
        archive.note([], [(ANNA, Correction(NOON, Kind.NOT_ME, (), 0, NOON))])
        assert len(archive.read(file)[0].plays) == 1
