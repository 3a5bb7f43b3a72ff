"""Pack columns of similar strings, such as ids and URLs of one provider: the common prefix and
suffix once, and the rest with as few bits per character as possible.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from enum import IntEnum
from itertools import repeat, takewhile


class Packing(IntEnum):
    """Encodings of the middle parts. The numbers are stored; never renumber."""

    PLAIN = 0
    """Not similar: every string as it is."""
    KEY = 1
    """The string of another column in the same row."""
    HEX = 4
    """Four bits per character."""
    BASE_64 = 6
    """Six bits per character, for the URL-safe alphabet."""


Column = tuple[str, str, int, Packing, list[str]]
"""What all begin with, what all end with, the characters between, how those are written; and the
strings themselves where they are not alike."""
_HEX = re.compile(r"[0-9a-f]*", re.ASCII)
_BASE_64 = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


def pack(strings: Sequence[str], keys: Sequence[str] = ()) -> tuple[Column, bytes]:
    """Encoding of `strings`, and their bits. `keys` are strings that may be part of them."""
    if around := _around_keys(strings, keys):
        return (*around, 0, Packing.KEY, []), b""
    before = _common(strings)
    rest = [one[len(before) :] for one in strings]
    after = _common([one[::-1] for one in rest])[::-1]
    middles = [one[: len(one) - len(after)] for one in rest]
    text, width = "".join(middles), len(middles[0]) if middles else 0
    if any(len(one) != width for one in middles):
        return ("", "", 0, Packing.PLAIN, [*strings]), b""
    if _HEX.fullmatch(text):
        return (before, after, width, Packing.HEX, []), bytes.fromhex(text + "0" * (len(text) % 2))
    if _BASE_64.fullmatch(text):
        bits = urlsafe_b64decode(text + "A" * (-len(text) % 4))
        return (before, after, width, Packing.BASE_64, []), bits[: _bytes(len(text), 6)]
    return ("", "", 0, Packing.PLAIN, [*strings]), b""


def unpack(
    column: Column, number: int, bits: bytes, keys: Sequence[str] = ()
) -> tuple[list[str], bytes]:
    """The `number` strings of a column, and the remaining `bits`. Raises ValueError if it was not
    packed.
    """
    before, after, width, packing, plain = column
    if packing is Packing.PLAIN:
        return plain, bits
    if packing is Packing.KEY:
        return [f"{before}{key}{after}" for key in keys], bits
    length = width * number
    size = _bytes(length, packing)
    mine, rest = bits[:size], bits[size:]
    if len(mine) < size:
        raise ValueError("fewer bits than strings")
    if packing is Packing.HEX:
        text = mine.hex()
    else:
        text = urlsafe_b64encode(mine + bytes(-len(mine) % 3)).decode("ascii")
    if not width:
        return [*repeat(before + after, number)], rest
    if after:
        return [f"{before}{text[at : at + width]}{after}" for at in range(0, length, width)], rest
    return [before + text[at : at + width] for at in range(0, length, width)], rest


def _common(strings: Sequence[str]) -> str:
    """The common prefix."""
    if not strings:
        return ""
    first, last = min(strings), max(strings)
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(one for one, _ in alike)


def _around_keys(strings: Sequence[str], keys: Sequence[str]) -> tuple[str, str] | None:
    """The text before and after the key in every string; None if it differs."""
    if not strings or not keys or not keys[0]:
        return None
    before, found, after = strings[0].partition(keys[0])
    alike = all(one == before + key + after for one, key in zip(strings, keys, strict=True))
    return (before, after) if found and alike else None


def _bytes(characters: int, bits: int) -> int:
    return -(-characters * bits // 8)
