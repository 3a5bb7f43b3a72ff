"""The records of a JSON file of any size: an array, an object that contains one, or lines.

A record that is not valid JSON costs no other: reading continues at the next one that begins.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from topk.domain.imports.reading import Fault, FileFaultError
from topk.domain.limits import LARGEST_RECORD

LISTS = frozenset({"scrobbles", "list", "listens", "track", "tracks"})
"""Members of an object that are the array of records."""
WRAPPERS = frozenset({"recenttracks"})
"""Members that contain such an object."""
_SPACE = re.compile(r"[\s,]*")
_NEXT_RECORD = re.compile(r"\}\s*,?\s*(?=\{)")
_NEAR_THE_END = 16
"""Characters before the end of what was read within which an error may be that of a cut."""
_decode = json.JSONDecoder().raw_decode


class Malformed(str):
    """What begins a record that is not valid JSON."""

    __slots__ = ()


def values(texts: Iterator[str]) -> Iterator[Any]:
    """Each record, or Malformed. Raises FileFaultError where the file is cut off."""
    text = _Text(texts)
    text.skip_space()
    start = text.at
    is_list = text.takes("[") or _finds_list(text)
    if not is_list:
        text.at = start
    text.kept = None
    while True:
        text.skip_space()
        if text.is_at_end:
            if is_list:
                raise FileFaultError(Fault.CUT)
            return
        if is_list and text.takes("]"):
            return
        yield _value(text)


class _Text:
    """A window on a text, from the position `at` on."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self.text, self.at = "", 0
        self.kept: int | None = 0
        """Position from which on the text is needed, if not `at`."""

    def more(self) -> bool:
        """Read on; whether there was more."""
        piece = next(self._texts, "")
        kept = self.at if self.kept is None else self.kept
        self.text = self.text[kept:] + piece
        self.at -= kept
        if self.kept is not None:
            self.kept = 0
        if len(self.text) - self.at > 2 * LARGEST_RECORD:
            raise FileFaultError(Fault.TOO_LARGE)
        return bool(piece)

    def skip_space(self) -> None:
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text) or not self.more():
                return

    @property
    def is_at_end(self) -> bool:
        return self.at >= len(self.text)

    def takes(self, character: str) -> bool:
        """Whether `character` is next; it is passed then."""
        if self.text.startswith(character, self.at):
            self.at += 1
            return True
        return False


def _value(text: _Text) -> Any:
    """The next value. Raises FileFaultError where the file ends within it."""
    while True:
        try:
            value, text.at = _decode(text.text, text.at)
        except json.JSONDecodeError as error:
            unread = len(text.text) - text.at
            may_be_cut = error.msg.startswith("Unterminated") or (
                error.pos >= len(text.text) - _NEAR_THE_END
            )
            if may_be_cut and unread <= LARGEST_RECORD:
                if text.more():
                    continue
                raise FileFaultError(Fault.CUT) from None
            return _passed(text)
        except (ValueError, RecursionError):
            return _passed(text)
        return value


def _passed(text: _Text) -> Malformed:
    """Pass a record that cannot be read, to where the next one begins."""
    shown = text.text[text.at : text.at + 200]
    at = text.at + 1
    while (found := _NEXT_RECORD.search(text.text, at)) is None:
        text.at = max(at, len(text.text) - 1)
        if not text.more():
            raise FileFaultError(Fault.CUT)
        at = text.at
    text.at = found.end()
    return Malformed(shown)


def _finds_list(text: _Text) -> bool:
    """Whether the object that begins has an array of records; its first record is next then."""
    while text.takes("{"):
        key = _member(text)
        while key is not None and not _begins_list(key, text):
            if key in WRAPPERS:
                break
            try:
                _value(text)
            except FileFaultError:
                return False
            key = _member(text)
        if key is None:
            return False
        if text.takes("["):
            return True
    return False


def _begins_list(key: str, text: _Text) -> bool:
    return key in LISTS and text.text.startswith("[", text.at)


def _member(text: _Text) -> str | None:
    """The name of the next member, whose value is next then."""
    text.skip_space()
    if not text.text.startswith('"', text.at):
        return None
    key = _value(text)
    text.skip_space()
    text.takes(":")
    text.skip_space()
    return key if isinstance(key, str) and not isinstance(key, Malformed) else None
