"""Text of a file of any size, a piece at a time."""

import codecs
from collections.abc import Iterator
from typing import Protocol

from topk.domain.imports.reading import Fault, FileFaultError
from topk.domain.limits import LARGEST_RECORD

PIECE = 256 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Readable(Protocol):
    """A file that is read from its beginning on."""

    def read(self, size: int = -1, /) -> bytes: ...


def pieces(file: Readable) -> Iterator[str]:
    """The text of `file`, UTF-8 unless it begins with another mark.

    What cannot be decoded becomes U+FFFD, by which its record is recognised as damaged.
    """
    first = file.read(PIECE)
    encoding = next((name for mark, name in _MARKS if first.startswith(mark)), "utf-8")
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    block = first
    while block:
        text = decoder.decode(block)
        if text:
            yield text
        block = file.read(PIECE)
    if rest := decoder.decode(b"", final=True):
        yield rest


def split(texts: Iterator[str], mark: str) -> Iterator[str]:
    """The parts of the text between two `mark`s, the last one also if it is empty.

    Raises FileFaultError for a part above LARGEST_RECORD.
    """
    waiting = ""
    for text in texts:
        parts = (waiting + text).split(mark)
        waiting = parts.pop()
        yield from parts
        if len(waiting) > LARGEST_RECORD:
            raise FileFaultError(Fault.TOO_LARGE)
    yield waiting
