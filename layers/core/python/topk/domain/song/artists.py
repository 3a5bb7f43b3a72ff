"""Who a song is by: the first-named artist, however the credit is written."""

import re
from functools import lru_cache

from topk.domain.song.bands import BANDS
from topk.domain.song.spelling import LONGEST, tidy, words

_TOPIC = re.compile(r"\s[-–—]\s+topic$", re.IGNORECASE)
_CHANNEL = re.compile(
    r"\s+[-–—]\s+topic$|\s*(?:official\s*)?vevo$"
    r"|\s+\(?official(?:\s+youtube)?(?:\s+channel)?\)?$",
    re.IGNORECASE,
)
_CHANNEL_WORDS = re.compile(r"(?:official|music|channel|tv|band)+")
_CAMEL_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ASIDE = re.compile(r"(?<=\S)(?: ?\([^()]*\)?)+$")
_INVERTED = re.compile(r"^(.+), the$")
_JOINED = re.compile(r"\s*&\s*|\s+\+\s+|\s+'?n'?\s+")
_BETWEEN = re.compile(
    r"\s*[,;、·•]\s*|\s+/\s+|\s*\(?\b(?:feat|ft|featuring)\b\.?\s*"
    r"|\s+(?:and|vs\.?|versus|with|w/|pres\.?|presents|con|y)\s+"
    r"|\s+x\s+(?!and\b|feat\b|ft\b|with\b|[&,+])"
)

_BAND_NAMES = {words(band): len(_BETWEEN.split(band)) for band in BANDS}
_BAND_STARTS = frozenset(name.split(" ", 1)[0] for name in _BAND_NAMES)


def _stripped(name: str) -> str:
    if name.endswith("VEVO") and " " not in name:
        name = _CAMEL_HUMP.sub(" ", name.removesuffix("VEVO")) + "VEVO"
    while (bare := _CHANNEL.sub("", name)) != name and bare.strip():
        name = bare
    tidied = tidy(name)
    if inverted := _INVERTED.match(tidied):
        tidied = inverted[1]
    return _ASIDE.sub("", tidied)


def _plain(name: str) -> str:
    plain = words(name) or name
    while plain.startswith("the ") and len(plain) > 4:
        plain = plain[4:]
    return plain


def _band(plain: str) -> str:
    """The longest known band that the credit begins with, or nothing."""
    if plain.split(" ", 1)[0] not in _BAND_STARTS:
        return ""
    begun = (name for name in _BAND_NAMES if plain == name or plain.startswith(name + " "))
    return max(begun, key=len, default="")


@lru_cache(maxsize=16_384)
def names(credit: str) -> tuple[str, ...]:
    """The artists that one credit names, in its order, in words; at least one, possibly empty."""
    found = _split(credit)
    while (first := _split(found[0])[0]) != found[0]:
        found = (first, *found[1:])
    return found


def _split(credit: str) -> tuple[str, ...]:
    joined = _JOINED.sub(" and ", _stripped(credit[:LONGEST]))
    parts = tuple(plain for part in _BETWEEN.split(joined) if (plain := _plain(part)))
    if band := _band(_plain(joined)):
        return (band, *parts[_BAND_NAMES[band] :])
    return parts or (_plain(joined),)


def main_artist(artists: tuple[str, ...]) -> str:
    """The first-named of the first credit that names anybody."""
    return next((names(credit)[0] for credit in artists if credit.strip()), "")


def is_topic(credit: str) -> bool:
    """Is this a generated "Artist - Topic" channel, whose titles are those of the releases?"""
    return bool(_TOPIC.search(credit))


def is_vevo(credit: str) -> bool:
    """Is this a label's channel for one artist, whose titles are "Artist - Song"?"""
    return credit[-4:].lower() == "vevo"


@lru_cache(maxsize=16_384)
def same_name(name: str, credit: str) -> bool:
    """Does the credit name this artist, spaces and a channel's own words ("EminemMusic") aside?"""
    name = name.replace(" ", "")
    for known in names(credit):
        before, found, after = known.replace(" ", "").partition(name) if name else ("", "", "")
        if found and (not before + after or _CHANNEL_WORDS.fullmatch(before + after)):
            return True
    return False
