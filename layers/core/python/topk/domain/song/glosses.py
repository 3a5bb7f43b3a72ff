"""Titles that say the same twice: in two scripts, or with and without umlauts."""

import re

from topk.domain.song.artists import sounds_same, split_scripts
from topk.domain.song.scripts import is_foreign, is_latin
from topk.domain.song.spelling import words
from topk.domain.song.versions import version_words

ASIDE = re.compile(r"\{[^{}]*\}")
"""What stood in a bracket and belongs to the title."""
_TWICE = re.compile(r" / | ?\| ?")
_DASH = re.compile(r" -+ ")
_OF_A_WORK = re.compile(r"第|[部章话話篇編编幕集]|^[上中下前后後序終终]$|[가-힣]*\d")
"""Signs of the parts of a work, which no translation is."""
_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "Ø": "Oe"}
    | {"å": "aa", "Å": "Aa"}
)
_UMLAUTS = frozenset(map(chr, _SPELT_OUT))

Half = tuple[str, str]
"""An artist and a title."""


def is_gloss(inside: str, title: str) -> bool:
    """Is a bracket the title once more, in the script of its language ("Lemon (レモン)")?"""
    return not has_latin(inside) and not _OF_A_WORK.search(inside) and has_latin(title)


def two_names(text: str, *, is_delimited: bool) -> tuple[str, ...]:
    """Of "봄날 (Spring Day)" and "봄날 Spring Day" both, as either may be another provider's title.

    Without a bracket they must sound the same, unless the title is delimited otherwise.
    """
    if text.isascii():
        return ()
    asides = ASIDE.findall(text)
    rest = words(ASIDE.sub(" ", text))
    if not asides:
        rest, aside = split_scripts(rest)
        known = is_delimited or sounds_same(rest, aside)
    else:
        aside = words(asides[0])
        known = len(asides) == 1 and is_foreign(rest)
    if not (known and rest and is_latin(aside)) or _tells_apart(aside):
        return ()
    return rest, aside


def two_halves(text: str) -> tuple[Half, Half] | None:
    """Of "Artist - Song | the same in another script" both halves; the first with the text's."""
    halves = _TWICE.split(text) if "|" in text or " / " in text else []
    if len(halves) != 2 or is_foreign(halves[0]) == is_foreign(halves[1]):
        return None
    mine, yours = ([*map(str.strip, _DASH.split(half))] for half in halves)
    if len(mine) != 2 or len(yours) != 2:
        return None
    return (mine[0], mine[1]), (yours[0], yours[1])


def spelt_out(title: str, artists: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
    """How it is written where keyboards have no umlauts ("Maenner"); None where it has none."""
    if _UMLAUTS.isdisjoint(title) and _UMLAUTS.isdisjoint("".join(artists)):
        return None
    return title.translate(_SPELT_OUT), tuple([name.translate(_SPELT_OUT) for name in artists])


def has_latin(text: str) -> bool:
    return any("a" <= char <= "z" or char.isdigit() for char in text)


def _tells_apart(plain: str) -> bool:
    """Is it a version, or has it a number, which tells parts of a work apart?"""
    return version_words(plain) is not None or any(map(str.isdigit, plain))
