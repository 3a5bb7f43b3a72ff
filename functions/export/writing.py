"""Streaming JSON: memory holds one page of it."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

AT_ONCE = 500
"""Array items in a piece."""
_encode = msgspec.json.Encoder().encode


def written(members: Iterable[tuple[str, Any]]) -> Iterator[bytes]:
    """One JSON object of `members` (name, value), piece by piece.

    An iterator becomes an array.
    """
    before = b"{"
    for name, value in members:
        yield before + _encode(name) + b":"
        if isinstance(value, Iterator):
            yield from _array(value)
        else:
            yield _encode(value)
        before = b","
    yield b"}"


def _array(items: Iterator[Any]) -> Iterator[bytes]:
    yield b"["
    before = b""
    while some := list(islice(items, AT_ONCE)):
        yield before + _encode(some)[1:-1]
        before = b","
    yield b"]"
