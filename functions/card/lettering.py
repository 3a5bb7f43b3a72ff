"""Strings of others on a card: only what can be seen of them, cut to the room there is."""

import unicodedata
from collections.abc import Iterator
from html import escape
from itertools import accumulate

from functions.card.scripts import LATIN, runs

_LONGEST = 300
"""Characters of which more than one line is never made."""
_MARKS = 2
"""That many accents a letter may bear: more would climb into the rows above."""
_JOINERS = "\u200c\u200d"
"""Format characters that change how neighbours are drawn, in Persian and in emoji."""
_RIGHT_TO_LEFT_MARK = "\u200f"
_NARROW, _WIDE = frozenset("iljI.,:;'|!()[]ftr "), frozenset("mwMW@%")
_EMOJI = "\U0001f000"
_CUT = "…"


def cleaned(text: str) -> str:
    """`text` without what draws nothing, turns the direction of writing, or is no character.

    What is left is well-formed in XML once escaped.
    """
    return " ".join("".join(_visible(text[:_LONGEST])).split())


def _visible(text: str) -> Iterator[str]:
    marks = 0
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        if letter in _JOINERS:
            yield letter
        elif kind in {"Mn", "Me"}:
            marks += 1
            if marks <= _MARKS:
                yield letter
        elif kind[0] == "Z" or kind == "Cc":
            marks = 0
            yield " "
        elif kind[0] != "C":
            marks = 0
            yield letter


def cut(text: str, ems: float) -> str:
    """`text` cleaned, and shortened to about `ems` times the size of its letters.

    Widths are those of a plain sans-serif, roughly: readers have fonts of their own.
    """
    text = cleaned(text)
    widths = list(accumulate(map(_ems, text)))
    if not widths or widths[-1] <= ems:
        return text
    kept = sum(width <= ems - 1 for width in widths)
    return _ended(text[:kept].rstrip(f"{_JOINERS} "))


def _ended(text: str) -> str:
    """The sign of a cut, on the side where the text goes on."""
    strong = [kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}]
    return f"{text}{_CUT}{_RIGHT_TO_LEFT_MARK if strong[-1:] in (['R'], ['AL']) else ''}"


def _ems(letter: str) -> float:
    if unicodedata.combining(letter) or letter in _JOINERS or "\ufe00" <= letter <= "\ufe0f":
        return 0
    if letter >= _EMOJI:
        return 1.3
    if unicodedata.east_asian_width(letter) in "WF":
        return 1
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE:
        return 0.94
    return 0.69 if letter.isupper() else 0.6


def written(text: str) -> str:
    """`text` as the content of a text element, each script in a font that has it.

    A rasteriser looks for another font a whole element at a time, and finds none for what is mixed.
    """
    return "".join(
        escape(part)
        if family == LATIN
        else f"<tspan font-family=\"'{family}',sans-serif\">{escape(part)}</tspan>"
        for family, part in runs(text)
    )
