"""Archives of users, broken and hostile ones included: each ends with a fault that says why."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topk.domain.imports.reading import Fault, FileFaultError, Record
from topk.providers.histories.archive import MOST_NESTED
from topk.providers.histories.uploaded import HistoryFile, UploadedHistories

SONG = (
    b'[{"ts":"2026-11-20T10:00:00Z","ms_played":200000,"master_metadata_track_name":"a",'
    b'"master_metadata_album_artist_name":"b"}]'
)


def zipped(*files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def read(content: bytes) -> tuple[list[str], list[Record], list[Fault]]:
    """The names of the histories in an upload, their records, and all faults."""
    names: list[str] = []
    records: list[Record] = []
    faults: list[Fault] = []
    try:
        with UploadedHistories().open(io.BytesIO(content), time_zone="UTC") as files:
            for one in files:
                names.append(one.name)
                faults += _faults(one, records)
    except FileFaultError as error:
        return [], [], [error.fault]
    return names, records, faults


def _faults(file: HistoryFile, records: list[Record]) -> list[Fault]:
    """Adds the records of `file`; what ended it early."""
    try:
        for one in file.records():
            records.append(one)  # noqa: PERF402 - those before a fault are kept
    except FileFaultError as error:
        return [error.fault]
    return []


def test_a_history_is_found_in_any_folder_and_under_any_name() -> None:
    files = (("Mes données/Musique/écoutes.txt", SONG), ("photo.json", b"\xff\xd8\xff"))
    names, records, faults = read(zipped(*files))
    assert names == ["Mes données/Musique/écoutes.txt"]
    assert (len(records), faults) == (1, [])


def test_archives_within_archives_are_read_as_apple_sends_them() -> None:
    inner = zipped(("Apple Music Activity/history.json", SONG))
    names, records, faults = read(zipped(("Apple_Media_Services.zip", inner)))
    assert names == ["Apple_Media_Services.zip/Apple Music Activity/history.json"]
    assert (len(records), faults) == (1, [])


def test_archives_are_not_followed_without_end() -> None:
    content = zipped(("history.json", SONG))
    for _ in range(MOST_NESTED + 2):
        content = zipped(("inner.zip", content))
    assert read(content)[2] == [Fault.NESTED]


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "/etc/passwd", "C:\\windows\\x.json", "a\x1b[2Jb", "x" * 5000]
)
def test_names_are_shown_and_never_used_as_paths(name: str) -> None:
    names, records, _ = read(zipped((name, SONG)))
    assert len(records) == 1
    assert len(names[0]) <= 200
    assert names[0].isprintable()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped(("zeros.json", b"[" + b" " * 60_000_000 + b"]"))
    assert len(bomb) < 100_000
    assert read(bomb)[2] == [Fault.TOO_LARGE]


def test_an_archive_that_claims_to_unpack_to_too_much_is_refused() -> None:
    content = bytearray(zipped(("history.json", SONG)))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 0xFFFF_FFF0)
    assert read(bytes(content))[2] == [Fault.TOO_LARGE]


def test_an_archive_that_claims_too_many_files_is_refused_unread() -> None:
    content = bytearray(zipped(("history.json", SONG)))
    content[-12:-10] = struct.pack("<H", 20_000)
    assert read(bytes(content))[2] == [Fault.TOO_MANY]


def test_an_encrypted_file_is_reported() -> None:
    content = bytearray(zipped(("history.json", SONG)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + offset] |= 1
    assert read(bytes(content))[2] == [Fault.ENCRYPTED]


def test_a_rare_compression_is_reported() -> None:
    assert read(zipped(("history.json", SONG), how=zipfile.ZIP_LZMA))[2] == [Fault.ARCHIVE]


def test_a_damaged_file_keeps_the_others() -> None:
    content = bytearray(zipped(("a.json", SONG), ("b.json", SONG), how=zipfile.ZIP_STORED))
    content[content.find(b"2026-11-20")] ^= 1
    _, records, faults = read(bytes(content))
    assert faults == [Fault.DAMAGED]
    assert len(records) == 1


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\x1f\x8b\x08\x00", Fault.ARCHIVE),
        (b"Rar!\x1a\x07\x00", Fault.ARCHIVE),
        (zipped(), Fault.EMPTY),
        (zipped(("readme.txt", b"hello")), Fault.UNKNOWN),
        (zipped(("history.json", b"")), Fault.EMPTY),
        (b"\x00" * 5000, Fault.UNKNOWN),
        (b'{"a": 1}', Fault.UNKNOWN),
        (b"[[[[[[", Fault.UNKNOWN),
        (b"[" * 100_000, Fault.UNKNOWN),
        (b"<html><body>no history</body></html>", Fault.UNKNOWN),
        (b'"' * 100_000, Fault.UNKNOWN),
    ],
)
def test_what_is_no_history_is_reported(content: bytes, fault: Fault) -> None:
    assert read(content)[2] in ([fault], [Fault.CUT])


def test_a_record_without_end_is_not_read_into_memory() -> None:
    endless = SONG[:-1] + b',{"ts":"' + b"x" * 30_000_000
    _, records, faults = read(endless)
    assert len(records) >= 1
    assert faults in ([Fault.TOO_LARGE], [Fault.CUT])


_SOME = [
    zipped(("a.json", SONG), ("b.csv", b"uts,artist,track\n1790000000,a,b\n")),
    SONG * 1,
    b"uts,utc_time,artist,track\n1790000000,x,a,b\n",
    b'<div class="outer-cell"><p class="mdl-typography--title">YouTube Music</p>'
    b'<div class="mdl-typography--body-1"><a href="https://www.youtube.com/watch?v=a">T</a><br>'
    b"Nov 5, 2026, 3:04:09 PM UTC</div></div>",
]


@given(
    st.sampled_from(_SOME),
    st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), max_size=6),
    st.integers(0, 500),
)
def test_nothing_that_is_uploaded_breaks_the_reader(
    content: bytes, changes: list[tuple[int, bytes]], cut: int
) -> None:
    damaged = bytearray(content)
    for at, put in changes:
        damaged[at % len(damaged) : at % len(damaged) + len(put)] = put
    read(bytes(damaged[: len(damaged) - cut % len(damaged)]))


@given(st.binary(max_size=300))
def test_nor_does_anything_else(content: bytes) -> None:
    read(content)


def test_files_are_read_again_from_their_beginning() -> None:
    packed = io.BytesIO(zipped(("a.json", SONG)))
    with UploadedHistories().open(packed, time_zone="UTC") as [one]:
        assert list(one.records()) == list(one.records()) != []
