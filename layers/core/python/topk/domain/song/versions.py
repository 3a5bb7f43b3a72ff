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
    ALONE,
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
        for phrase, meaning in sorted(PHRASES.items(), key=lambda item: -len(item[0]))
    )
)
_PHRASE_STARTS = frozenset(phrase.split()[0] for phrase in PHRASES)
"""A part in Latin letters that has none of these has no phrase; most have none."""
_LIVE = re.compile(
    r"(?:recorded )?live(?:$| (?:at|from|in|on|version|session|performance|a|au|aus|auf|bei|da"
    r"|de|del|desde|do|em|en|im|v|w|z|iz|\d))"
)
_LIVE_COLON = re.compile(r"live ?[:,]")
_DATE = re.compile(r"\b\d{1,4}[/.]\d{1,2}[/.]\d{1,4}\b")
_DATE_SLASH = re.compile(r"(?<=\d)/(?=\d)")
_PIECE = re.compile(r"\s*;\s*|\s*\|\s*|\s+-+\s+|(?<!\bw)\s*/\s*")
_CREDIT = re.compile(
    r"(?:feat|ft|featuring|prod|produced|parody of|lyrical adaption of"
    r"|con la participacion|при участии|при уч|п\.? ?у)\b\.?"
)
_WITH = re.compile(
    r"(?:with|w/) (?!(?:a|an|the|this|that|no|or|out|you|your|me|my|us|our|him|his|her|it|them"
    r"|their|\w+self|\w+selves|some\w+|every\w+|any\w+|lyrics|strings|orchestra)\b)"
)
_ENSEMBLE = re.compile(r"\b(?:orchest|orkest|orquest|philharmon|symphon|choir|strings)")
_SOURCE = re.compile(
    r"(?:[\w ]+ )?from (?:the )?(?:\"|'\w|vault\b|motion picture|film\b|movie\b|original\b)"
    r"|.*\b(?:soundtrack|motion picture|bonus track|dance practice|performance video)\b"
)
_QUOTED = re.compile(r'"[^"]*"')
_YEAR = re.compile(r"(?:19|20)\d\d$|\d+(?:st|nd|rd|th|o|a|e)?$")
_FULL_YEAR = re.compile(r"(?:19|20)\d\d$|\d+(?:st|nd|rd|th)$")
_GLUED_YEAR = re.compile(r"\b((?:19|20)\d\d)(?=[^\W\d])")
_REMASTER = re.compile(
    r"(?:\b\d{4} )?(?:\bdigital(?:ly)? |\ben )*\bremaster\b(?: digital)?"
    r"(?: (?:version|edition))?(?: (?:in |en |de )?\d{4}\b)?"
)

_VIDEOS = frozenset({"mv", "pv"})
_LAST = _VIDEOS | {"lyrics", "release"}
_VERSION_WORDS = ALONE | ENDINGS | STARTS

DECORATION: frozenset[str] = frozenset()
"""Result for a part that is only decoration."""


@lru_cache(maxsize=8_192)
def _meaning(part: str) -> str:
    """The words of a part, each in the one spelling of its meaning."""
    plain = words(part)
    said = plain.split()
    if not plain.isascii() or not _PHRASE_STARTS.isdisjoint(said):
        said = _PHRASE.sub(lambda found: PHRASES[found[0]], plain).split()
    if any(map(_is_long_and_dated, said)):
        said = _GLUED_YEAR.sub(r"\1 ", " ".join(said)).split()
    return " ".join([SAME.get(word, word) for word in said])


def _is_long_and_dated(word: str) -> bool:
    return len(word) > 4 and word[0] in "12"


@lru_cache(maxsize=8_192)
def version_words(part: str) -> frozenset[str] | None:
    """The words that set a version apart, none for decoration, None for a part of the title.

    `part` is a tidied bracket or suffix; it may name several things ("Live / Remastered").
    """
    pieces = [piece for piece in _pieces(part) if piece]
    verdicts = [_verdict(piece) for piece in pieces]
    if None in verdicts and "," in part:
        listed = [_verdict_of_item(item.strip()) for item in part.split(",")]
        if None not in listed:
            return frozenset().union(*[item for item in listed if item is not None])
    if None in verdicts and not any(verdicts) and not any(map(_is_remaster, pieces)):
        return None
    # What stands beside a version or a remaster is about the recording, not of the title.
    return frozenset().union(
        *(
            _telling(_meaning(piece).split()) if verdict is None else verdict
            for piece, verdict in zip(pieces, verdicts, strict=True)
        )
    )


def _verdict_of_item(item: str) -> frozenset[str] | None:
    return DECORATION if _FULL_YEAR.match(item) else _verdict(item)


def _pieces(part: str) -> list[str]:
    dated = _DATE.sub(lambda found: _DATE_SLASH.sub(".", found[0]), part)
    return _PIECE.split(dated)


@lru_cache(maxsize=8_192)
def _is_remaster(piece: str) -> bool:
    return "remaster" in _meaning(piece)


def _verdict(piece: str) -> frozenset[str] | None:
    said = _meaning(piece).split()
    if _is_source(piece) and not (_is_known(said) and not KINDS.isdisjoint(said)):
        return DECORATION
    if "remaster" in said:
        rest = _REMASTER.sub(" ", " ".join(said)).split()
        return DECORATION if _is_neutral(rest) else _telling(rest)
    if _is_decoration(said):
        return DECORATION
    if _is_version(said) or _LIVE_COLON.match(piece):
        return _telling(said)
    return DECORATION if said and _is_about_video(said) else None


def _is_source(piece: str) -> bool:
    """Does the piece say who else takes part, or what the song was made for?"""
    said = _meaning(_QUOTED.sub(" ", piece)).split()
    if said and (said[-1] in {"remix", "mix", "version", "cover"} or said[0] == "live"):
        return False
    if _CREDIT.match(piece):
        return True
    if _WITH.match(piece):
        return not _ENSEMBLE.search(piece)
    return bool(_SOURCE.match(piece)) and KINDS.isdisjoint(said)


@lru_cache(maxsize=8_192)
def is_video_mark(part: str) -> bool:
    """Whether only video sites decorate titles like this."""
    said = _meaning(part).split()
    return not VIDEO.isdisjoint(said) and _is_decoration(said)


@lru_cache(maxsize=8_192)
def is_plain_suffix(part: str) -> bool:
    """Whether the part contains only version words and decoration."""
    said = _meaning(part).split()
    return bool(_LIVE.match(" ".join(said))) or all(
        word in KINDS or word in DECORATIONS or word in NEUTRAL or _FULL_YEAR.match(word)
        for word in said
    )


def _is_about_video(said: list[str]) -> bool:
    """ "Anime MV", "MV short": any words beside the mark, but those that tell versions."""
    marked = said[0] in _VIDEOS or said[-1] in _LAST or said[-2:] == ["music", "video"]
    return marked and not tells_versions(" ".join(said))


@lru_cache(maxsize=8_192)
def tells_versions(plain: str) -> bool:
    """Has the text, in words, one of those that set versions apart, or a number?"""
    said = _meaning(plain).split()
    return not _VERSION_WORDS.isdisjoint(said) or any(map(str.isdigit, plain))


def _is_neutral(said: list[str]) -> bool:
    return all(word in DECORATIONS or word in NEUTRAL or _YEAR.match(word) for word in said)


def _is_decoration(said: list[str]) -> bool:
    allowed = MIXES if "mix" in said else DECORATIONS | NEUTRAL
    dated = any(_FULL_YEAR.match(word) for word in said)
    if not all(word in allowed or _FULL_YEAR.match(word) for word in said):
        return False
    return not DECORATIONS.isdisjoint(said) or (dated and "mix" in said)


def _is_version(said: list[str]) -> bool:
    if not said:
        return False
    if "remix" in said or said[0] in STARTS or said[-1] in ENDINGS:
        return True
    return bool(_LIVE.match(" ".join(said))) or _is_known(said)


def _is_known(said: list[str]) -> bool:
    """Are all words ones of versions, of decoration, or neutral, and one at least of a version?"""
    return not ALONE.isdisjoint(said) and all(
        word in ALONE or word in DECORATIONS or word in NEUTRAL or _YEAR.match(word)
        for word in said
    )


def _telling(said: list[str]) -> frozenset[str]:
    """The words of a version that distinguish it from others."""
    kept = frozenset(said) - GLUE - (DECORATIONS - {"edit"})
    if "remix" in kept:
        kept -= {"edit"}
    if "extended" in kept:
        kept -= {"mix"}
    return kept or frozenset(said)
