"""Fonts by Unicode block."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby

LATIN = "Noto Sans"
_JAPANESE, _KOREAN, _EMOJI = "Noto Sans JP", "Noto Sans KR", "Noto Emoji"
# First code point of each block; everything else uses the first font.
_FROM: tuple[tuple[int, str], ...] = (
    (0x0000, LATIN),
    (0x0590, "Noto Sans Hebrew"),
    (0x0600, "Noto Sans Arabic"),
    (0x0700, LATIN),
    (0x0750, "Noto Sans Arabic"),
    (0x0780, LATIN),
    (0x0900, "Noto Sans Devanagari"),
    (0x0980, LATIN),
    (0x0E00, "Noto Sans Thai"),
    (0x0E80, LATIN),
    (0x1100, _KOREAN),
    (0x1200, LATIN),
    (0x2300, _EMOJI),
    (0x2400, LATIN),
    (0x2600, _EMOJI),
    (0x27C0, LATIN),
    (0x2B00, _EMOJI),
    (0x2C00, LATIN),
    (0x2E80, _JAPANESE),
    (0x3130, _KOREAN),
    (0x3190, _JAPANESE),
    (0xAC00, _KOREAN),
    (0xD800, LATIN),
    (0xF900, _JAPANESE),
    (0xFB00, LATIN),
    (0xFB1D, "Noto Sans Hebrew"),
    (0xFB50, "Noto Sans Arabic"),
    (0xFE00, LATIN),
    (0xFE70, "Noto Sans Arabic"),
    (0xFF00, _JAPANESE),
    (0xFFF0, LATIN),
    (0x1F000, _EMOJI),
    (0x1FB00, LATIN),
    (0x20000, _JAPANESE),
)
_STARTS = [start for start, _ in _FROM]
_TAKES_PART = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""Joiners and variation selectors, which use the font of the preceding character."""


def runs(text: str) -> Iterator[tuple[str, str]]:
    """`text` in parts, each with its font family."""
    families: list[str] = []
    for letter in text:
        joins = families and letter in _TAKES_PART
        families.append(families[-1] if joins else _FROM[bisect_right(_STARTS, ord(letter)) - 1][1])
    for family, part in groupby(zip(families, text, strict=True), key=lambda one: one[0]):
        yield family, "".join(letter for _, letter in part)
