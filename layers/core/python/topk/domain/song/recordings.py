"""Whether two tracks that share an ISRC can be one recording; ISRCs are wrong at times."""

import re

from topk.domain.play import Track
from topk.domain.song.artists import all_names, sounds_same
from topk.domain.song.identity import identify
from topk.domain.song.scripts import is_foreign, is_latin, sound
from topk.domain.song.titles import Song, song_of

_NUMERAL = re.compile(
    r"\d+|\b(?:[ivx]{2,}|[vx])\b|\bi$|[一二三四五六七八九十]+(?=楽章|乐章|악장|番|号)"
)
_MOVEMENT = re.compile(r"(?:^|[:;,–-] ?)([IVX]+|\d+)\.(?= )")
_ROMAN_WORD = re.compile(r"[ivx]+")
_ROMAN = {"i": 1, "v": 5, "x": 10}
_LONG_TITLE = 3
"""Words of a title that is no coincidence, so that artists may be named as different people."""
_ANY_BAND = frozenset(
    [
        *("band", "orchestra", "orquesta", "orchester", "orchestre", "feat", "young", "trio"),
        *("quartet", "ensemble", "choir", "philharmonic", "symphony", "saint", "little"),
        *("brothers", "sisters", "boys", "girls", "music"),
    ]
)
"""Words of names that make nobody related."""


def compatible(a: Track, b: Track) -> bool:
    """May a shared ISRC join these two? Both of one version, with related titles and artists."""
    mine, yours = identify(a).song, identify(b).song
    if _kind(mine) != _kind(yours) or _movement(a) != _movement(b):
        return False
    one, other = _without_asides(a, mine), _without_asides(b, yours)
    if one == other:
        return _asides_agree(mine.title, yours.title, one) and (
            len(one.split()) >= _LONG_TITLE or _related(a, b)
        )
    if is_foreign(mine.title) != is_foreign(yours.title):
        return _numerals(mine.title) == _numerals(yours.title) and _translated(a, b, mine, yours)
    return _differ_by_slips(_arabic(mine.title), _arabic(yours.title)) and _related(a, b)


def _kind(song: Song) -> tuple[str, ...]:
    """Version words that must agree; the place of a live recording is ignored."""
    return ("live",) if "live" in song.version else song.version


def _movement(track: Track) -> list[int]:
    """The movement of a work that a title names, as in "Sonata: IV. Allegro"."""
    return [_value(found.lower()) for found in _MOVEMENT.findall(track.title)]


def _without_asides(track: Track, song: Song) -> str:
    if "(" in track.title or "[" in track.title or not track.title.isascii():
        return song_of(track.title, track.artists, asides=False).title
    return song.title


def _asides_agree(mine: str, yours: str, bare: str) -> bool:
    """One may leave out what the other adds in brackets, unless it numbers the part of a work."""
    if _numerals(mine) != _numerals(yours):
        return False
    return mine == yours or bare in (mine, yours)


def _numerals(title: str) -> list[int]:
    return [_value(found) for found in _NUMERAL.findall(title)]


def _arabic(title: str) -> list[str]:
    """The words of a title, Roman numerals as Arabic ones."""
    parts = title.split()
    return [str(_value(part)) if _ROMAN_WORD.fullmatch(part) else part for part in parts]


def _value(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    if numeral[0] not in _ROMAN:
        return sum(map(ord, numeral))
    values = [_ROMAN[letter] for letter in numeral]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def _translated(a: Track, b: Track, mine: Song, yours: Song) -> bool:
    """Is one title the other in another script: by its sound, or else by the artist alone?"""
    heard = sound(mine.title)
    if len(heard) > 2 and heard == sound(yours.title):
        return len(heard) > 4 or _related(a, b)
    return bool(mine.artist) and _same_artist(mine.artist, yours.artist)


def _same_artist(one: str, other: str) -> bool:
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    return is_foreign(one) != is_foreign(other) and sounds_same(one, other)


def _related(a: Track, b: Track) -> bool:
    """Do the credits share an artist, or a family name? So do those that name nobody."""
    mine, yours = all_names(a.artists), all_names(b.artists)
    if not mine or not yours or not mine.isdisjoint(yours):
        return True
    if not _words_of(mine).isdisjoint(_words_of(yours)):
        return True
    one, other = {sound(name) for name in mine}, {sound(name) for name in yours}
    latin = all(map(is_latin, mine)), all(map(is_latin, yours))
    return latin[0] != latin[1] and any(len(heard) > 2 for heard in one & other)


def _words_of(names: frozenset[str]) -> set[str]:
    return {word for name in names for word in name.split() if len(word) > 3} - _ANY_BAND


def _differ_by_slips(mine: list[str], yours: list[str]) -> bool:
    """Are the titles the same but for spelling ("Colours", "Colors"), word by word?"""
    if len(mine) != len(yours):
        return "".join(mine) == "".join(yours)
    return all(one == other or _slip(one, other) for one, other in zip(mine, yours, strict=True))


def _slip(one: str, other: str) -> bool:
    """Do two words differ in one place alone, by at most a quarter of their letters?"""
    if any(map(str.isdigit, one + other)):
        return False
    shorter, longer = sorted((one, other), key=len)
    allowed = min(len(longer) // 4, 2)
    before = _common(shorter, longer)
    after = _common(shorter[before:][::-1], longer[before:][::-1])
    return len(longer) > 4 and len(longer) - before - after <= allowed


def _common(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    for at, (mine, yours) in enumerate(zip(one, other, strict=False)):
        if mine != yours:
            return at
    return min(len(one), len(other))
