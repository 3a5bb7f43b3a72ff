"""What a title says: the song, its version, and on video sites also the artist."""

import re
from functools import lru_cache
from typing import NamedTuple

from topk.domain.artists import main_artist, names
from topk.domain.spelling import tidy, words
from topk.domain.versions import version_words

_GROUP = re.compile(r"\(([^()]*)(?:\)|$)")
_BREAK = re.compile(r"\s+-+\s+|\s*\|+\s*|\s+_\s+|\s+//\s+")
_CREDIT = re.compile(r"(?<!\d)\s+(?:feat|ft|featuring)\b\.?\s+\S.*$")
_TAIL = re.compile(
    r"(?<=\S)\s+(?:official (?:music |lyrics? |hd )*(?:video|audio|visuali[sz]er|mv)|music video"
    r"|lyrics? video|with lyrics|mv|hd|hq|4k|(?:\d{4} )?remaster(?:ed)?(?: version)?(?: \d{4})?)$"
)
_PART = re.compile(r"\b(?:pt|part)s? ([0-9]+|[ivx]+|one|two|three|four|five)\b")
_NUMBER = {
    number: str(value)
    for value, spelt in enumerate(
        ["i one", "ii two", "iii three", "iv four", "v five", "vi", "vii", "viii", "ix", "x"], 1
    )
    for number in spelt.split()
}
_AND = re.compile(r"\s*&\s*|\s+\+\s+|(?<=\s)'?n'?(?=\s)")


class Song(NamedTuple):
    """The readable key of a song: words without decoration, single-spaced."""

    title: str
    artist: str
    version: tuple[str, ...]


@lru_cache(maxsize=65_536)
def song_of(title: str, artists: tuple[str, ...], *, asides: bool = True) -> Song:
    """The song behind a provider's title and credits; `asides=False` drops every bracket."""
    tidied = tidy(title)
    version: set[str] = set()
    decorated = False

    def judge(found: re.Match[str]) -> str:
        nonlocal decorated
        verdict = version_words(found[1].strip())
        if verdict is None:
            return f" {found[1]} " if asides else " "
        decorated = decorated or "video" in found[1] or "official" in found[1]
        version.update(verdict)
        return " "

    text, left = tidied, 1 if "(" in tidied else 0
    while left:
        text, left = _GROUP.subn(judge, text)
    artist = main_artist(artists)
    parts = [part for part in (piece.strip() for piece in _BREAK.split(text)) if part]
    if len(parts) > 1:
        artist, parts = _without_artist(parts, artist, artists, decorated)
        while len(parts) > 1 and (verdict := version_words(parts[-1])) is not None:
            version.update(verdict)
            parts.pop()
    base = _base(" ".join(parts))
    if not base:
        return Song(words(tidied), artist, ())
    return Song(base, artist, tuple(sorted(version)))


def _without_artist(
    parts: list[str], artist: str, artists: tuple[str, ...], decorated: bool
) -> tuple[str, list[str]]:
    known = {name.replace(" ", "") for credit in artists for name in names(credit)}
    head = names(parts[0])
    named = any(name.replace(" ", "") in known for name in head)
    suffixes = all(version_words(part) is not None for part in parts[1:])
    if (named or decorated) and not suffixes:
        return head[0], parts[1:]
    return artist, parts


def _base(text: str) -> str:
    text = _AND.sub(" and ", _CREDIT.sub("", text))
    plain = words(text) if text else ""
    while (shorter := _TAIL.sub("", plain)) != plain:
        plain = shorter
    return _PART.sub(lambda found: f"part {_NUMBER.get(found[1], found[1])}", plain)
