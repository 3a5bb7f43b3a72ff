"""What a bracket or a suffix of a title says: decoration, or another version of the song."""

import re
from functools import lru_cache

from topk.domain.spelling import words


def _listed(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


_DECORATION = _listed(
    """
    album audio bonus clean clip clipe deluxe dirty edit ep expanded explicit hd hq letra lp lyric
    lyrics mono mv official oficial officiel offizielles paroles radio remaster remastered single
    stereo stream uncensored video videoclip visualiser visualizer vevo 4k 1080p 720p original
    censored soundtrack legendado subtitulado premiere
    """
)
_GLUE = _listed(
    """
    a an and at by cut digital digitally edition for from full in inch mix music new of on only
    song sub the track ver version with anniversary 7
    """
)
_KINDS = _listed(
    """
    8d acapella acoustic alternate bootleg cover demo dub extended instrumental karaoke live mashup
    nightcore orchestral outtake parody rehearsal remake remix reprise rerecorded rework reworked
    session slowed sped stripped symphonic take unplugged vip
    """
)
_ENDINGS = _KINDS | {"edit", "mix", "version", "ver", "flip", "refix"}
_STARTS = _KINDS - {"live", "take", "cover", "dub", "session", "reprise"}
_LIVE = re.compile(r"^(?:recorded )?live(?:$| (?:at|from|in|on|version|session|performance|\d))")
_CREDIT = re.compile(r"(?:feat|ft|featuring|prod|produced)\b\.?")
_WITH = re.compile(r"(?:with|w/) (?!you|me|my|us|him|her|them|the|a|or|out|lyrics|strings)")
_SOURCE = re.compile(
    r"(?:from|theme from|music from) (?:the )?(?:\"|vault|motion|film|movie|original)"
)
_SOUNDTRACK = re.compile(r"\b(?:soundtrack|motion picture|bonus track)\b")
_YEAR = re.compile(r"^(?:19|20)\d\d$|^\d+(?:st|nd|rd|th)$")
_REMASTER = re.compile(
    r"\b(?:\d{4} )?(?:digital(?:ly)? )?remaster(?:ed)?(?: version)?(?: \d{4})?\b"
)
_SAME = {
    "rmx": "remix",
    "remixed": "remix",
    "inst": "instrumental",
    "speed": "sped",
    "acustico": "acoustic",
    "acustica": "acoustic",
    "acoustique": "acoustic",
    "akustik": "acoustic",
    "sessions": "session",
    "vivo": "live",
}
_PHRASES = re.compile(
    r"\b(?:ao|en|dal) vivo\b|\ben directo\b|\ba cappella\b|\bre recorded\b|\blo fi\b"
)
_PHRASE = {"a cappella": "acapella", "re recorded": "rerecorded", "lo fi": "lofi"}

DECORATION: frozenset[str] = frozenset()
"""The verdict on a part that says nothing about which recording it is."""


@lru_cache(maxsize=16_384)
def version_words(part: str) -> frozenset[str] | None:
    """The words that set a version apart, none for decoration, None for a part of the title."""
    if _CREDIT.match(part) or _WITH.match(part) or _SOURCE.match(part):
        return DECORATION
    plain = _PHRASES.sub(lambda found: _PHRASE.get(found[0], "live"), words(part.replace("-", "")))
    plain = _REMASTER.sub("remaster", plain)
    said = [_SAME.get(word, word) for word in plain.split()]
    if _is_version(said, plain):
        return (
            frozenset(said) - _GLUE - (_DECORATION if len(said) > 1 else DECORATION) or DECORATION
        )
    if _is_decoration(said) or _SOUNDTRACK.search(part):
        return DECORATION
    return None


def _is_decoration(said: list[str]) -> bool:
    if "remaster" in said:
        return True
    known = all(word in _DECORATION or word in _GLUE or _YEAR.match(word) for word in said)
    return known and not _DECORATION.isdisjoint(said)


def _is_version(said: list[str], plain: str) -> bool:
    if not said or (_DECORATION.issuperset(said)):
        return False
    if _LIVE.match(plain) or "remix" in said or said[0] in _STARTS:
        return True
    return said[-1] in _ENDINGS and not _is_decoration(said)
