"""Who a song is by: the first-named artist, however the credit is written."""

import re
from functools import lru_cache

from topk.domain.spelling import tidy, words

_CHANNEL = re.compile(
    r"\s+[-–—]\s+topic$|\s*(?:official\s*)?vevo$|\s+\(?official\)?$", re.IGNORECASE
)
_VEVO_ARTICLE = re.compile(r"^The(?=[A-Z].*VEVO$)")
_ASIDE = re.compile(r"(?<=\S)\s*\([^()]*\)?$")
_INVERTED = re.compile(r"^(.+), the$")
_JOINED = re.compile(r"\s*&\s*|\s+\+\s+|\s+'?n'?\s+")
_BETWEEN = re.compile(
    r"\s*[,;、·•]\s*|\s+/\s+|\s*\(?\b(?:feat|ft|featuring)\b\.?\s*"
    r"|\s+(?:and|vs\.?|versus|with|w/|pres\.?|presents|y)\s+"
    r"|\s+x\s+(?!and\b|feat\b|ft\b|with\b|[&,+])"
)

_BANDS = frozenset(
    """
    above and beyond
    angus and julia stone
    belle and sebastian
    black country, new road
    blood, sweat and tears
    brooks and dunn
    c and c music factory
    chase and status
    crosby, stills and nash
    crosby, stills, nash and young
    dan and shay
    daryl hall and john oates
    earth, wind and fire
    emerson, lake and palmer
    florence and the machine
    for king and country
    guns and roses
    hall and oates
    iron and wine
    kool and the gang
    macklemore and ryan lewis
    man with a mission
    mumford and sons
    nico and vinz
    of monsters and men
    peter, bjorn and john
    peter, paul and mary
    sam and dave
    she and him
    simon and garfunkel
    sleeping with sirens
    sly and the family stone
    sonny and cher
    tegan and sara
    tyler, the creator
    years and years
    """.strip().splitlines()
)
_BAND_NAMES = {words(band.strip()): words(band.strip()) for band in _BANDS}
_BAND_STARTS = frozenset(name.split(" ", 1)[0] for name in _BAND_NAMES)


def _stripped(name: str) -> str:
    if _VEVO_ARTICLE.match(name):
        name = name[3:]
    while (bare := _CHANNEL.sub("", name)) != name and bare.strip():
        name = bare
    tidied = tidy(name)
    if inverted := _INVERTED.match(tidied):
        tidied = inverted[1]
    return _ASIDE.sub("", tidied)


def _plain(name: str) -> str:
    plain = words(name)
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
    joined = _JOINED.sub(" and ", _stripped(credit))
    band = _band(_plain(joined))
    parts = [_plain(part) for part in _BETWEEN.split(joined) if part]
    if band:
        return (band, *parts[1:])
    return tuple(part for part in parts if part) or ("",)


def main_artist(artists: tuple[str, ...]) -> str:
    """The first-named of the first credit that names anybody."""
    return next((names(credit)[0] for credit in artists if credit.strip()), "")
