"""The main artist of a song: the first one named in the credits."""

import re
from functools import lru_cache

from topk.domain.song.artist_names import ALIASES, BANDS, NOBODY, RELEASES
from topk.domain.song.channels import artist_of_topic, without_channel
from topk.domain.song.scripts import is_foreign, sound
from topk.domain.song.spelling import LONGEST, tidy, words

_CHANNEL_WORDS = re.compile(
    r"(?:official|oficial|officiel|music|channel|tv|band|youtube|online|videos)+"
)
_ASIDE = re.compile(r"(?<=\S)(?: ?\([^()]*\)?)+$")
_INVERTED = re.compile(r"^(.+), the$")
_JOINED = re.compile(r"\s*&\s*|\s+\+\s+|\s+'?n'?\s+")
_BETWEEN = re.compile(
    r"\s*[,;、·•]\s*|\s+/\s+|\s*\(?\b(?:feat|ft|featuring)\b\.?\s*"
    r"|\s+(?:and|vs\.?|versus|with|med|mit|avec|w/|pres\.?|presents|con|y|e|und|et|och|og|ve|si|и|та|і|και|و)\s+"
    r"|\s+x\s+(?!and\b|feat\b|ft\b|with\b|[&,+])"
)
_SLASHED = re.compile(r"[^\s/]{2}[^/]*[^\s/](?:/[^\s/]{2}[^/]*[^\s/])+")
"""Names with slashes between them, one at least of several words; "AC/DC" is one name."""

_BAND_NAMES = {words(band): len(_BETWEEN.split(band)) for band in BANDS}
_MOST_PARTS = 4
"""Names that the name of a band is made of."""


def _bare(name: str) -> str:
    return " ".join([word for word in name.split() if word not in {"and", "the"}])


_BARE_BANDS = {_bare(name): name for name in _BAND_NAMES}
_BAND_STARTS = frozenset(name.split(" ", 1)[0] for name in _BAND_NAMES)


def _stripped(name: str) -> str:
    tidied = tidy(without_channel(name).replace("×", " x "))
    if inverted := _INVERTED.match(tidied):
        tidied = inverted[1]
    return _ASIDE.sub("", tidied)


def _plain(name: str) -> str:
    plain = words(name) or name
    while plain.startswith("the ") and len(plain) > 4:
        plain = plain[4:]
    return ALIASES.get(plain) or _of_two_scripts(plain)


def _of_two_scripts(plain: str) -> str:
    """Of a name that is written twice ("周杰伦 jay chou") one; any other stays as it is."""
    if plain.isascii() or " " not in plain:
        return plain
    for one, other in (scripts := split_scripts(plain)), scripts[::-1]:
        if (one and ALIASES.get(one, one) == other) or (one and sounds_same(one, other)):
            return ALIASES.get(one, one if is_foreign(other) else other)
    return plain


def split_scripts(plain: str) -> tuple[str, str]:
    """The words in other scripts than Latin and those in Latin, where each stand together.

    Both are empty where they are mixed, or where there are only words of one kind.
    """
    parts = plain.split()
    kinds = [is_foreign(part) for part in parts]
    changes = [at for at in range(1, len(parts)) if kinds[at] != kinds[at - 1]]
    if len(changes) != 1:
        return "", ""
    first, second = " ".join(parts[: changes[0]]), " ".join(parts[changes[0] :])
    return (first, second) if kinds[0] else (second, first)


def _band(plain: str) -> str:
    """The longest known band name that the credit starts with, or nothing."""
    if plain.split(" ", 1)[0] not in _BAND_STARTS:
        return ""
    begun = (name for name in _BAND_NAMES if plain == name or plain.startswith(name + " "))
    return max(begun, key=len, default="")


@lru_cache(maxsize=16_384)
def names(credit: str) -> tuple[str, ...]:
    """The artists of one credit in order, as words; at least one, possibly empty."""
    found = _split(credit)
    while (first := _split(found[0])[0]) != found[0]:
        found = (first, *found[1:])
    return found


def _split(credit: str) -> tuple[str, ...]:
    joined = _JOINED.sub(" and ", _stripped(credit[:LONGEST]))
    if "/" in joined and " " in joined and _SLASHED.fullmatch(joined):
        joined = joined.replace("/", " / ")
    parts = tuple(plain for part in _BETWEEN.split(joined) if (plain := _plain(part)))
    if band := _band(_plain(joined)):
        return (band, *parts[_BAND_NAMES[band] :])
    return parts or (_plain(joined),)


@lru_cache(maxsize=16_384)
def is_nobody(credit: str) -> bool:
    """Does the credit stand for an artist the provider does not know ("Release - Topic")?"""
    credit = credit[:LONGEST]
    if not credit.strip():
        return True
    artist = artist_of_topic(credit)
    plain = words(tidy(artist or credit))
    return plain in NOBODY or (bool(artist) and plain in RELEASES)


@lru_cache(maxsize=16_384)
def known(artists: tuple[str, ...]) -> tuple[str, ...]:
    """The credits that name somebody."""
    return tuple([credit for credit in artists if not is_nobody(credit)])


@lru_cache(maxsize=16_384)
def main_artist(artists: tuple[str, ...]) -> str:
    """The first-named of the first credit that names anybody; empty where none does."""
    credits_ = known(artists)
    if len(credits_) > 1 and (band := _band_of_parts(credits_)):
        return band
    return names(credits_[0])[0] if credits_ else ""


def _band_of_parts(credits_: tuple[str, ...]) -> str:
    """The band whose name the first credits are when put together ("Above", "Beyond")."""
    plain = [_bare(words(tidy(credit))) for credit in credits_[:_MOST_PARTS]]
    put_together = (" ".join(plain[:end]) for end in range(len(plain), 1, -1))
    return next((_BARE_BANDS[name] for name in put_together if name in _BARE_BANDS), "")


@lru_cache(maxsize=16_384)
def all_names(artists: tuple[str, ...]) -> frozenset[str]:
    """Every artist that the credits name."""
    return frozenset(name for credit in known(artists) for name in names(credit) if name)


@lru_cache(maxsize=16_384)
def same_name(name: str, credit: str) -> bool:
    """Whether the credit names this artist, ignoring spaces and channel words ("EminemMusic")."""
    if not name:
        return False
    bare = name.replace(" ", "")
    for known_name in names(credit):
        before, found, after = known_name.replace(" ", "").partition(bare)
        if found and (not before + after or _CHANNEL_WORDS.fullmatch(before + after)):
            return True
        if is_foreign(known_name) != is_foreign(name) and sounds_same(known_name, name):
            return True
    return False


def sounds_same(one: str, other: str) -> bool:
    """Do two names in different scripts sound the same?"""
    heard = sound(one)
    return len(heard) > 2 and heard == sound(other)
