"""The files of an upload: one, or those of a zip archive.

Names in an archive are shown and never used as paths. What an archive says of itself is checked
before anything is unpacked, and every file is read as a stream of a limited length.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO

from topk.domain.imports.reading import Fault, FileFaultError
from topk.domain.limits import LARGEST_UNPACKED, LONGEST_FILE_NAME, MOST_IMPORT_FILES
from topk.providers.histories.text import Readable

MOST_NESTED = 2
"""Archives within archives, as Apple sends them."""
LARGEST_NESTED = 400 * 1024 * 1024
"""All archives within an archive together, which are unpacked to disk."""
LARGEST_DIRECTORY = 16 * 1024 * 1024
MOST_GROWTH = 1000
"""How many times its packed size a file may unpack to: deflate's limit is 1032."""
_ZIP = b"PK\x03\x04"
_OTHER_ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00")
_END = b"PK\x05\x06"
_END_BYTES = 22 + 65_535
_ENCRYPTED = 0x1
_IGNORED = ("__MACOSX/", ".DS_Store", "Thumbs.db")
_UNZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an upload. `open` begins at its first byte each time; it and what it returns raise
    FileFaultError. A `fault` says why it cannot be opened.
    """

    name: str
    open: Callable[[], Readable]
    fault: Fault | None = None


class Scratch:
    """Files on disk for archives within archives, removed with the context that it is."""

    def __init__(self) -> None:
        self._files = ExitStack()
        self._left = LARGEST_NESTED

    def __enter__(self) -> "Scratch":
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def file_of(self, size: int) -> BinaryIO:
        """A file for `size` bytes. Raises FileFaultError if there is no room for it."""
        self._left -= size
        if self._left < 0:
            raise FileFaultError(Fault.TOO_LARGE)
        return self._files.enter_context(TemporaryFile())


def entries(file: BinaryIO, scratch: Scratch) -> list[Entry]:
    """The files of an upload, in the order of the archive.

    Raises FileFaultError for an upload that is empty or an archive that cannot be read at all.
    """
    found = list(islice(_entries(file, "", scratch, 0), MOST_IMPORT_FILES + 1))
    if len(found) > MOST_IMPORT_FILES:
        raise FileFaultError(Fault.TOO_MANY)
    return found


def _entries(file: BinaryIO, name: str, scratch: Scratch, depth: int) -> Iterator[Entry]:
    file.seek(0)
    head = file.read(8)
    if not head:
        raise FileFaultError(Fault.EMPTY)
    if head.startswith(_OTHER_ARCHIVES):
        raise FileFaultError(Fault.ARCHIVE)
    if head.startswith(_ZIP):
        yield from _zipped(file, name, scratch, depth)
    elif head.startswith(_END):
        raise FileFaultError(Fault.EMPTY)
    else:
        yield Entry(name, lambda: _rewound(file))


def _rewound(file: BinaryIO) -> Readable:
    file.seek(0)
    return file


def _zipped(file: BinaryIO, name: str, scratch: Scratch, depth: int) -> Iterator[Entry]:
    if depth > MOST_NESTED:
        raise FileFaultError(Fault.NESTED)
    _check_directory(file)
    with _unzipping():
        archive = zipfile.ZipFile(file)
        infos = [one for one in archive.infolist() if not one.is_dir()]
    if sum(one.file_size for one in infos) > LARGEST_UNPACKED:
        raise FileFaultError(Fault.TOO_LARGE)
    for info in infos:
        shown = _shown(f"{name}/{info.filename}" if depth else info.filename)
        if any(part in info.filename for part in _IGNORED):
            continue
        fault = _fault_of(info)
        if fault is None and info.filename.lower().endswith(".zip"):
            yield from _nested(archive, info, shown, scratch, depth)
        else:
            yield Entry(shown, partial(_Checked, archive, info), fault)


def _nested(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, shown: str, scratch: Scratch, depth: int
) -> Iterator[Entry]:
    """The files of an archive within an archive, which is unpacked: a zip is read from its end."""
    try:
        unpacked = scratch.file_of(info.file_size)
        _unpack(archive, info, unpacked)
        yield from _entries(unpacked, shown, scratch, depth + 1)
    except FileFaultError as error:
        yield Entry(shown, partial(_Checked, archive, info), error.fault)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: BinaryIO) -> None:
    with _Checked(archive, info) as packed:
        while block := packed.read(1 << 20):
            target.write(block)


def _check_directory(file: BinaryIO) -> None:
    """Refuse a directory that would take too much memory, before it is read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES))
    tail = file.read(_END_BYTES)
    at = tail.rfind(_END)
    if at < 0 or at + 22 > len(tail):
        raise FileFaultError(Fault.CUT)
    files, directory = struct.unpack_from("<HI", tail, at + 10)
    if files > MOST_IMPORT_FILES and files != 0xFFFF:
        raise FileFaultError(Fault.TOO_MANY)
    if directory > LARGEST_DIRECTORY or files == 0xFFFF:
        raise FileFaultError(Fault.TOO_MANY)
    file.seek(0)


def _fault_of(info: zipfile.ZipInfo) -> Fault | None:
    if info.flag_bits & _ENCRYPTED:
        return Fault.ENCRYPTED
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return Fault.ARCHIVE
    if info.file_size > MOST_GROWTH * max(info.compress_size, 1):
        return Fault.TOO_LARGE
    return None


def _shown(name: str) -> str:
    """A name without what could hide or forge a part of it."""
    printable = "".join(one if one.isprintable() else "?" for one in name)
    return printable[-LONGEST_FILE_NAME:]


@contextmanager
def _unzipping() -> Iterator[None]:
    try:
        yield
    except NotImplementedError:
        raise FileFaultError(Fault.ARCHIVE) from None
    except RuntimeError:
        raise FileFaultError(Fault.ENCRYPTED) from None
    except _UNZIP_ERRORS:
        raise FileFaultError(Fault.DAMAGED) from None


class _Checked:
    """A file of an archive, whose errors are FileFaultError."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        with _unzipping():
            self._file = archive.open(info)

    def read(self, size: int = -1) -> bytes:
        with _unzipping():
            return self._file.read(size)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "_Checked":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
