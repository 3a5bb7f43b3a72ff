"""Untrusted text on a card: cleaned and truncated to the available width."""

import unicodedata
from collections.abc import Iterator
from html import escape
from itertools import accumulate

from functions.card.scripts import LATIN, runs

_LONGEST = 300
"""Maximum length that is considered."""
_MARKS = 2
"""Maximum number of accents on a letter; more would overlap the rows above."""
_JOINERS = "\u200c\u200d"
"""Format characters that Persian and emoji need."""
_RIGHT_TO_LEFT_MARK = "\u200f"
_NARROW, _WIDE = frozenset("iljI.,:;'|!()[]ftr "), frozenset("mwMW@%")
_EMOJI = "\U0001f000"
_CUT = "…"


def cleaned(text: str) -> str:
    """`text` without invisible, bidirectional and invalid characters.

    The result is well-formed XML once escaped.
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
    """`text` cleaned and truncated to about `ems` em.

    Widths approximate a sans-serif font, because readers have different fonts.
    """
    text = cleaned(text)
    widths = list(accumulate(map(_ems, text)))
    if not widths or widths[-1] <= ems:
        return text
    kept = sum(width <= ems - 1 for width in widths)
    return _ended(text[:kept].rstrip(f"{_JOINERS} "))


def _ended(text: str) -> str:
    """The ellipsis, on the side where the text continues."""
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
    """`text` as the content of a text element, each script in a matching font.

    The rasteriser chooses one font for a whole element, which fails for mixed scripts.
    """
    return "".join(
        escape(part)
        if family == LATIN
        else f"<tspan font-family=\"'{family}',sans-serif\">{escape(part)}</tspan>"
        for family, part in runs(text)
    )


def line(
    text: str,
    x: float,
    y: float,
    letters: float,
    room: float,
    *,
    bold: bool = False,
    opacity: float = 0.75,
) -> str:
    """`text` at (x, y), cut to `room` pixels; `letters` is the font size."""
    look = 'font-weight="700"' if bold else f'fill-opacity="{opacity:g}"'
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{letters:g}" {look}>'
        f"{written(cut(text, room / letters))}</text>"
    )
