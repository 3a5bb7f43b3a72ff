"""An import reads each record once, whatever is repeated, interrupted or lost on the way."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import memory_stores as stores
from tests.fakes import ANNA, DAY, NOON
from topk.domain.chunk import Chunk
from topk.domain.imports.history_import import HistoryImport, ImportJob, Status
from topk.domain.imports.reading import Fault, Left
from topk.domain.imports.upload import Upload
from topk.domain.owner import Owner
from topk.domain.play import Precision
from topk.domain.toplist.window import LONGEST_DAYS
from topk.providers.histories.uploaded import UploadedHistories
from topk.usecases.importing.read_history import SPARE_DAYS, ReadPorts, give_up, read_history

RETENTION_DAYS = 35
OLDEST = NOON - LONGEST_DAYS * DAY
JOB = ImportJob(ANNA, "one")
Rows = dict[tuple[int, str, str], Chunk]


class CrashError(Exception):
    """The process is gone."""


@dataclass
class Crashes:
    """Ends the process at the steps `at`, before or after they take effect."""

    at: frozenset[int] = frozenset()
    step: int = 0

    def around(self, act: Callable[[], Any]) -> Any:
        self.step += 1
        if self.step * 2 in self.at:
            raise CrashError
        done = act()
        if self.step * 2 + 1 in self.at:
            raise CrashError
        return done


@dataclass
class Table:
    """Chunks by their keys, as the table of plays keeps them."""

    crashes: Crashes
    rows: Rows = field(default_factory=dict)

    def append(self, chunks: Iterable[Chunk]) -> None:
        for one in chunks:
            key = one.fetched_at, one.provider, one.crawl_id
            self.crashes.around(partial(self.rows.update, {key: one}))

    def chunks(self, owner: Owner, *, since: int = 0) -> Iterator[Chunk]:
        return iter([one for key, one in self.rows.items() if key[0] >= since])


class CrashingImports(stores.Imports):
    def __init__(self, crashes: Crashes) -> None:
        super().__init__()
        self.crashes = crashes

    def update(self, one: HistoryImport) -> HistoryImport:
        found: HistoryImport = self.crashes.around(lambda: stores.Imports.update(self, one))
        return found


@dataclass
class Uploads:
    content: bytes
    deleted: bool = False

    @contextmanager
    def open(self, one: HistoryImport) -> Iterator[Upload]:
        yield Upload(io.BytesIO(self.content), "etag")

    def delete(self, owner: Owner, import_id: str) -> None:
        self.deleted = True


@dataclass
class Queue:
    jobs: list[ImportJob] = field(default_factory=list)

    def send(self, job: ImportJob, *, delay: int = 0) -> None:
        self.jobs.append(job)


def ports_of(content: bytes, *, crashes: Crashes | None = None, block: int = 3) -> ReadPorts:
    crashes = crashes or Crashes()
    return ReadPorts(
        CrashingImports(crashes),
        Uploads(content),
        UploadedHistories(),
        Table(crashes),
        stores.Profiles(),
        Queue(),
        RETENTION_DAYS,
        block=block,
    )


def started(import_id: str = "one") -> HistoryImport:
    return HistoryImport(
        ANNA, import_id, "history.zip", NOON, status=Status.QUEUED, started_at=NOON
    )


def begin(ports: ReadPorts, import_id: str = "one") -> None:
    assert isinstance(ports.imports, stores.Imports)
    ports.imports.put(started(import_id))


def finish(ports: ReadPorts, job: ImportJob = JOB, *, hurried: bool = False) -> HistoryImport:
    """Deliver the job until the import is finished, as the queue does."""
    begin(ports, job.import_id)
    for _ in range(1000):
        try:
            read_history(job, ports, time_left=lambda: not hurried, now=NOON)
        except CrashError:
            continue
        found = ports.imports.get(ANNA, job.import_id)
        assert found is not None
        if found.is_finished:
            return found
    raise AssertionError("the import never ends")


@dataclass(frozen=True)
class Told:
    """A record of Spotify's history, and what should become of it."""

    item: Any
    fate: Left | None
    stamp: int = 0


def song(title: str, ended: int, seconds: int = 180) -> Told:
    stamp = datetime.fromtimestamp(ended, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    item = {
        "ts": stamp,
        "ms_played": seconds * 1000,
        "master_metadata_track_name": title,
        "master_metadata_album_artist_name": "The Lanterns",
        "reason_end": "trackdone",
    }
    fate = Left.TOO_SHORT if seconds < 30 else Left.OUTSIDE if ended < OLDEST else None
    return Told(item, fate, ended)


_songs = st.builds(
    song,
    st.sampled_from("abc"),
    st.integers(OLDEST // 600 - 50, NOON // 600).map(lambda at: at * 600),
    st.sampled_from([12, 31, 180]),
)
_others = st.sampled_from(
    [
        Told({"ts": "2026-11-20T10:00:00Z", "ms_played": 1, "episode_name": "x"}, Left.PODCAST),
        Told({"ts": "yesterday", "ms_played": 1}, Left.TIME),
        Told({"ts": "2026-11-20T10:00:00Z", "ms_played": 90_000}, Left.DELETED),
        Told(None, Left.MALFORMED),
        Told({**song("z", NOON).item, "ts": "2028-01-01T00:00:00Z"}, Left.TIME),
    ]
)
_histories = st.lists(
    st.lists(st.one_of(_songs, _others), min_size=1, max_size=12), min_size=1, max_size=3
)


def zipped(files: Sequence[Sequence[Told]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, told in enumerate(files):
            # A file is recognised by a record of the format's shape.
            items = [{"ts": "", "ms_played": ""}, *(one.item for one in told)]
            archive.writestr(f"My Data/Streaming_{number}.json", json.dumps(items))
    return packed.getvalue()


def expected(files: Sequence[Sequence[Told]]) -> tuple[dict[Left, int], set[tuple[int, str]]]:
    """What becomes of the records, and the plays, by stamp and title."""
    fates = {Left.TIME: len(files)}
    plays: set[tuple[int, str]] = set()
    for told in (one for of_file in files for one in of_file):
        fate = told.fate
        if fate is None:
            play = told.stamp, told.item["master_metadata_track_name"]
            if play not in plays:
                plays.add(play)
                continue
            fate = Left.KNOWN
        fates[fate] = fates.get(fate, 0) + 1
    return fates, plays


def plays_of(ports: ReadPorts) -> list[tuple[int, str]]:
    table = ports.plays
    assert isinstance(table, Table)
    return sorted(
        (play.listened_at, play.track.title) for one in table.rows.values() for play in one.plays
    )


def rows_of(ports: ReadPorts) -> Rows:
    assert isinstance(ports.plays, Table)
    return ports.plays.rows


@given(_histories)
def test_the_receipt_adds_up_and_every_play_is_stored_once(files: list[list[Told]]) -> None:
    ports = ports_of(zipped(files))
    done = finish(ports)
    fates, plays = expected(files)
    assert done.receipt.adds_up
    assert done.receipt.left == fates
    assert done.receipt.new == len(plays)
    assert plays_of(ports) == sorted(plays)
    assert [one.records for one in done.receipt.files] == [len(told) + 1 for told in files]


@given(
    _histories,
    st.frozensets(st.integers(2, 80), max_size=12),
    st.booleans(),
    st.integers(1, 7),
)
def test_crashes_and_time_outs_change_neither_plays_nor_receipt(
    files: list[list[Told]], crashes: frozenset[int], hurried: bool, block: int
) -> None:
    content = zipped(files)
    smooth = ports_of(content, block=block)
    rough = ports_of(content, crashes=Crashes(crashes), block=block)
    once, often = finish(smooth), finish(rough, hurried=hurried)
    assert often.receipt == once.receipt
    assert rows_of(rough) == rows_of(smooth)


@given(_histories, st.frozensets(st.integers(2, 40), max_size=6))
def test_importing_a_file_again_adds_nothing(
    files: list[list[Told]], crashes: frozenset[int]
) -> None:
    ports = ports_of(zipped(files), crashes=Crashes(crashes))
    first = finish(ports)
    rows = dict(rows_of(ports))
    second = finish(ports, ImportJob(ANNA, "two"))
    assert second.receipt.new == 0
    assert second.receipt.left.get(Left.KNOWN, 0) == (
        first.receipt.new + first.receipt.left.get(Left.KNOWN, 0)
    )
    assert rows_of(ports) == rows


@given(_histories)
def test_the_same_records_in_one_file_or_several_are_the_same_plays(
    files: list[list[Told]],
) -> None:
    apart, together = ports_of(zipped(files)), ports_of(zipped([list(chain.from_iterable(files))]))
    finish(apart)
    finish(together)
    assert plays_of(apart) == plays_of(together)


def test_a_chunk_has_the_plays_of_one_day_so_that_each_is_kept_as_long_as_promised() -> None:
    ports = ports_of(zipped([[song("a", NOON - at * DAY) for at in range(5)]]))
    finish(ports)
    assert len(rows_of(ports)) == 5


def test_plays_of_a_year_are_kept_those_that_would_expire_soon_compacted() -> None:
    ages = (1, 27, 29, 37, 200, 365, 367)
    ports = ports_of(zipped([[song("a", NOON - days * DAY) for days in ages]]))
    done = finish(ports)
    assert (done.receipt.new, done.receipt.left[Left.OUTSIDE]) == (6, 1)
    assert finish(ports, ImportJob(ANNA, "two")).receipt.new == 0, "they are known"
    for one in rows_of(ports).values():
        age = (NOON - one.plays[0].listened_at) // DAY
        assert one.compacted == (age > RETENTION_DAYS - SPARE_DAYS)
        assert all(play.listened_at <= one.fetched_at for play in one.plays)
        if one.compacted:
            assert one.fetched_at <= NOON - (RETENTION_DAYS - SPARE_DAYS) * DAY


def test_two_workers_of_one_import_read_each_record_once() -> None:
    """The second worker continues while the first one, which was slow, still writes."""
    files = [[song("a", NOON - at * 600) for at in range(20)]]
    ports = ports_of(zipped(files))
    begin(ports)
    entered = False

    def meanwhile() -> bool:
        nonlocal entered
        if not entered:
            entered = True
            read_history(JOB, ports, time_left=lambda: True, now=NOON)
        return True

    assert read_history(JOB, ports, time_left=meanwhile, now=NOON) is None
    found = ports.imports.get(ANNA, "one")
    assert found is not None
    assert (found.receipt.new, found.receipt.read) == (20, 21)
    assert len(plays_of(ports)) == 20


def test_an_import_of_an_erased_user_reads_nothing() -> None:
    ports = ports_of(zipped([[song("a", NOON)]]))
    begin(ports)
    ports.profiles.mark_erasing(ANNA, "receipt")
    assert read_history(JOB, ports, time_left=lambda: True, now=NOON) is None
    assert rows_of(ports) == {}


def test_an_import_that_fails_again_and_again_ends_with_a_receipt() -> None:
    ports = ports_of(zipped([[song("a", NOON)]]))
    begin(ports)
    give_up(JOB, ports, now=NOON)
    found = ports.imports.get(ANNA, "one")
    assert found is not None
    assert found.status is Status.FAILED
    assert [one.fault for one in found.receipt.files] == [Fault.GIVEN_UP]


def test_the_upload_is_deleted_at_the_end() -> None:
    ports = ports_of(zipped([[song("a", NOON)]]))
    finish(ports)
    assert isinstance(ports.uploads, Uploads)
    assert ports.uploads.deleted


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"hello, world\n", Fault.UNKNOWN),
        (b"\x1f\x8b\x08rest", Fault.ARCHIVE),
        (zipped([[song("a", NOON)]])[:-30], Fault.CUT),
        (json.dumps([song("a", NOON).item]).encode()[:-40], Fault.CUT),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_a_receipt_that_says_so(
    content: bytes, fault: Fault
) -> None:
    done = finish(ports_of(content))
    assert done.status is Status.FAILED
    assert [one.fault for one in done.receipt.files] == [fault]
    assert done.receipt.adds_up


def test_half_a_file_keeps_its_first_half() -> None:
    items = [song("a", NOON - at * 600).item for at in range(10)]
    done = finish(ports_of(json.dumps(items).encode()[:1000]))
    assert done.status is Status.DONE
    assert done.receipt.new == 5
    assert [one.fault for one in done.receipt.files] == [Fault.CUT]


def test_days_of_a_song_that_a_crawl_brought_are_known() -> None:
    rows = b"Track Description,Date Played,Play Count,Hours\nThe Lanterns - a,20261120,2,10\n"
    ports = ports_of(rows)
    heard = song("a", int(datetime(2026, 11, 20, 18, tzinfo=UTC).timestamp()))
    spotify = ports_of(zipped([[heard]]))
    finish(spotify)
    assert isinstance(ports.plays, Table)
    ports.plays.rows.update(rows_of(spotify))
    done = finish(ports)
    assert done.receipt.left == {Left.KNOWN: 1}
    alone = ports_of(rows)
    assert finish(alone).receipt.new == 1
    kept = [play for one in rows_of(alone).values() for play in one.plays]
    assert [play.precision for play in kept] == [Precision.DAY] * 2
