"""What a bracket or a suffix of a title says: decoration, or another version of the song.

Decoration says nothing about which recording it is: remasters, clean and explicit, album, single
and radio edits (the same performance, cut), mono and stereo, a new mix of the same tapes ("2019
Mix"), credits, soundtracks, and the marks of videos. Everything that is neither decoration nor a
version belongs to the title, so what is unknown keeps songs apart.
"""

import re
from functools import lru_cache

from topk.domain.song.spelling import words
from topk.domain.song.version_vocabulary import (
    DECORATIONS,
    ENDINGS,
    GLUE,
    KINDS,
    MIXES,
    NEUTRAL,
    PHRASES,
    SAME,
    STARTS,
    VIDEO,
)

_PHRASE = re.compile(
    "|".join(
        rf"\b{re.escape(phrase)}\b" if meaning.strip() == meaning else re.escape(phrase)
        for phrase, meaning in PHRASES.items()
    )
)

_LIVE = re.compile(r"(?:recorded )?live(?:$| (?:at|from|in|on|version|session|performance|\d))")
_CREDIT = re.compile(r"(?:feat|ft|featuring|prod|produced)\b\.?")
_WITH = re.compile(
    r"(?:with|w/) (?!(?:a|an|the|this|that|no|or|out|you|your|me|my|us|our|him|his|her|it|them"
    r"|their|\w+self|\w+selves|some\w+|every\w+|any\w+|lyrics|strings|orchestra)\b)"
)
_SOURCE = re.compile(
    r"(?:[\w ]+ )?from (?:the )?(?:\"|vault\b|motion picture|film\b|movie\b|original\b)"
    r"|.*\b(?:soundtrack|motion picture|bonus track|dance practice|performance video)\b"
)
_YEAR = re.compile(r"(?:19|20)\d\d$|\d+(?:st|nd|rd|th)$")
_REMASTER = re.compile(
    r"(?:\b\d{4} )?(?:\bdigital(?:ly)? )?\bremaster(?:ed)?\b(?: version)?(?: \d{4}\b)?"
)

DECORATION: frozenset[str] = frozenset()
"""The verdict on a part that says nothing about which recording it is."""


def _said(part: str) -> list[str]:
    plain = words(part)
    plain = _PHRASE.sub(lambda found: PHRASES[found[0]], plain)
    if "remaster" in plain:
        plain = _REMASTER.sub("remaster", plain)
    return [SAME.get(word, word) for word in plain.split()]


@lru_cache(maxsize=8_192)
def version_words(part: str) -> frozenset[str] | None:
    """The words that set a version apart, none for decoration, None for a part of the title.

    `part` is a tidied bracket or suffix.
    """
    if _CREDIT.match(part) or _WITH.match(part) or _SOURCE.match(part):
        return DECORATION
    said = _said(part)
    if _is_decoration(said):
        return DECORATION
    if _is_version(said):
        return _telling(said)
    return DECORATION if "remaster" in said else None


@lru_cache(maxsize=8_192)
def is_video_mark(part: str) -> bool:
    """Is this how video sites, and only they, decorate a title?"""
    said = _said(part)
    return not VIDEO.isdisjoint(said) and _is_decoration(said)


@lru_cache(maxsize=8_192)
def is_plain_suffix(part: str) -> bool:
    """Does the part hold nothing but version words and decoration, so that it is no title?"""
    said = _said(part)
    return bool(_LIVE.match(" ".join(said))) or all(
        word in KINDS or word in DECORATIONS or word in NEUTRAL or _YEAR.match(word)
        for word in said
    )


def _is_decoration(said: list[str]) -> bool:
    allowed = MIXES if "mix" in said else DECORATIONS | NEUTRAL
    dated = any(_YEAR.match(word) for word in said)
    if not all(word in allowed or _YEAR.match(word) for word in said):
        return False
    return not DECORATIONS.isdisjoint(said) or (dated and "mix" in said)


def _is_version(said: list[str]) -> bool:
    if not said:
        return False
    if "remix" in said or said[0] in STARTS or said[-1] in ENDINGS:
        return True
    return bool(_LIVE.match(" ".join(said)))


def _telling(said: list[str]) -> frozenset[str]:
    """Of a version's words those that tell it from others."""
    kept = frozenset(said) - GLUE - (DECORATIONS - {"edit"})
    if "remix" in kept:
        kept -= {"edit"}
    if "extended" in kept:
        kept -= {"mix"}
    return kept or frozenset(said)
