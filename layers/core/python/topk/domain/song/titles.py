"""Parse a title: the song, its version, and on video sites also the artist."""

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

from topk.domain.song.artists import (
    known,
    main_artist,
    names,
    same_name,
    sounds_same,
    split_scripts,
)
from topk.domain.song.censored import uncensored
from topk.domain.song.channels import is_topic, is_vevo
from topk.domain.song.glosses import ASIDE, has_latin, is_gloss, spelt_out, two_halves, two_names
from topk.domain.song.scripts import is_foreign, is_latin
from topk.domain.song.spelling import LONGEST, tidy, words
from topk.domain.song.title_words import base_title, without_credit, without_video_words
from topk.domain.song.versions import is_plain_suffix, is_video_mark, version_words

_DEEPEST = 4
"""Maximum depth of nested brackets."""

_BRACKET = re.compile(r"\(([^()]*)(?:\)|$)")
_ARTICLE = re.compile(r"^(?:the|a|an) (?=\S)")
_BREAK = re.compile(r" -+ | ~ | ?\|+ ?| _ | // ")
_RARE_BREAK = re.compile(r" (?:-+|~|_|//) ")
_LOOSE_BREAK = re.compile(r" / | ?: ?")
_PART = re.compile(r"\b(?:pt|part|parte|partie|teil|vol|volume|chapter|ep|episode|act|часть)\b")
"""Signs of the parts of a work, which are never decoration."""
_FILE = re.compile(r"\.(?:avi|wmv|mpe?g|flv|mp[34]|mov|m4[av]|mkv|webm|wav|flac|ogg)$")
_SHOUT = re.compile(r"\*\*+ ?\w+ ?\*\*+")
_LEADING_MARK = re.compile(r"^\(?(?:official )?[mp]v\)? (?=\S)")
_TRACK_NUMBER = re.compile(r"^(?:\d{1,2}|[a-d]{1,2}\d?)\. (?=\S)")
_BY = re.compile(r"^(?:by|performed by) (?=\S)")
_BRACKETED = re.compile(r"(?P<head>[^{}]+)\{(?P<title>[^{}]+)\}(?P<tail>[^{}]*)$")
_GLUED_MARK = re.compile(r"(?<=\w\w)[mp]v$")
_DASHED = re.compile(r"(?<=\s)([-~])([^\s~-](?:[^~-]*[^\s~-])?)\1$")
_SPLIT_REMASTER = re.compile(r"(?<=\d{4}) - (?=(?:digital )?remaster)")
_QUOTED = re.compile(
    r"(?P<head>(?:[^'\"]|(?<=\w)')*?)\s*"
    r"(?:\"(?P<double>[^\"]+)\"|(?<!\w)'(?P<single>.{2,}?)'(?!\w))(?P<tail>.*)$"
)


class Song(NamedTuple):
    """The readable key of a song: words without decoration, single-spaced."""

    title: str
    artist: str
    version: tuple[str, ...]


class Reading(NamedTuple):
    """The song of a title, and what else the title calls it: a translation, the other script."""

    song: Song
    others: tuple[Song, ...] = ()
    is_video: bool = False
    """Has the title the marks of a video, or the artist beside the song?"""


def song_of(title: str, artists: tuple[str, ...], *, asides: bool = True) -> Song:
    """The song of a provider's title and credits; `asides=False` ignores all brackets."""
    return _Parser(title, artists).song(asides=asides)


def reading_of(title: str, artists: tuple[str, ...]) -> Reading:
    """As `song_of`, with the other names of the song that the title holds."""
    parser = _Parser(title, artists)
    song = parser.song(asides=True)
    others = [
        Song(base, artist or song.artist, song.version)
        for other, artist in parser.others
        if (base := base_title(other)) and (base, artist or song.artist) != song[:2]
    ]
    if not (title.isascii() and parser.has_plain_credits) and (other := spelt_out(title, artists)):
        others.append(song_of(*other))
    return Reading(song, tuple(dict.fromkeys(others)) if others else (), parser.is_video)


class _Parser:
    """A title during parsing: `text` is what remains."""

    def __init__(self, title: str, artists: tuple[str, ...]) -> None:
        self.title = title[:LONGEST].strip()
        self.tidied = _cleaned(tidy(self.title))
        self.artists = known(artists)
        self.artist = main_artist(artists)
        self.has_plain_credits = all(map(str.isascii, artists))
        self.version: set[str] = set()
        self.others: list[tuple[str, str]] = []
        """Further titles, each with its artist where that is written otherwise too."""
        self.is_catalogue = any(map(is_topic, self.artists))
        self.on_video_site = any(map(is_vevo, artists)) or not self.artists
        self.found_artist = False
        self.is_delimited = False
        """Is the title set in quotes or brackets, so that nothing else is among its words?"""

    def song(self, *, asides: bool) -> Song:
        text = self._without_brackets(self.tidied)
        if marked := _LEADING_MARK.match(text):
            text = text[marked.end() :]
        text = self._without_translation(text)
        parts = [text]
        if " - " in text or "|" in text or _RARE_BREAK.search(text):
            parts = [part for part in map(str.strip, _BREAK.split(text)) if part]
        if len(parts) > 1:
            parts = self._without_suffixes([without_credit(part) for part in parts])
            parts = self._without_gloss(self._without_artist(parts))
        text = self._unbracketed(self._unquoted(self._without_name(" ".join(parts))))
        base = base_title(text if asides else ASIDE.sub(" ", text).strip())
        if not base:
            return Song(base_title(self.tidied) or self.tidied or self.title, self.artist, ())
        self.others += [(name, "") for name in two_names(text, is_delimited=self.is_delimited)]
        return Song(base, self.artist, tuple(sorted(self.version)))

    def _named(self, text: str) -> bool:
        """Whether the text names one of the credited artists."""
        return bool(self._credited(names(text)))

    def _credited(self, candidates: Iterable[str]) -> str:
        """The first of the names that is credited."""
        for name in candidates:
            if name and any(same_name(name, credit) for credit in self.artists):
                return name
        return ""

    @property
    def is_video(self) -> bool:
        """Has the title the marks of a video, or the artist beside the song?"""
        return self.on_video_site or self.found_artist

    def _learn(self, part: str, verdict: frozenset[str]) -> None:
        self.version.update(verdict)
        if not verdict:
            self.on_video_site = self.on_video_site or is_video_mark(part)

    def _without_brackets(self, text: str) -> str:
        if "remaster" in text:
            text = _SPLIT_REMASTER.sub(" ", text)
        if text.endswith(("-", "~")):
            text = _DASHED.sub(r"(\2)", text)
        for _ in range(min(text.count("("), _DEEPEST)):
            text = _BRACKET.sub(self._bracket, text)
        return " ".join(text.split())

    def _bracket(self, found: re.Match[str]) -> str:
        inside = found[1].strip()
        verdict = version_words(inside)
        if verdict is not None:
            self._learn(inside, verdict)
            return " "
        if not inside or inside[0] == "@" or self._named(_BY.sub("", inside)):
            return " "
        if is_gloss(inside, _BRACKET.sub("", self.tidied)):
            self.others.append((inside, ""))
            return " "
        inside = _ARTICLE.sub("", inside)
        return f" {{{_BREAK.sub(' ', inside).replace('{', ' ').replace('}', ' ')}}} "

    def _without_suffixes(self, parts: list[str]) -> list[str]:
        marked = (at for at, part in enumerate(parts) if at > 1 and is_video_mark(part))
        rest = self._without_what_follows(parts, next(marked, len(parts)))
        while len(rest) > 1 and (verdict := version_words(rest[-1])) is not None:
            if len(rest) == 2 and self._is_title_after_artist(rest):
                return rest
            self._learn(rest[-1], verdict)
            rest.pop()
        live = list(takewhile(lambda part: "live" not in (version_words(part) or ()), rest[1:]))
        if len(live) < len(rest) - 1:
            self.version.update(*(words(part).split() for part in rest[1 + len(live) :]))
            rest = rest[: 1 + len(live)]
        return rest

    def _without_what_follows(self, parts: list[str], mark: int) -> list[str]:
        """After the mark of a video comes what the video is of, unless it tells songs apart."""
        following = parts[mark + 1 :]
        kept = any(version_words(part) or _PART.search(part) for part in following)
        return parts[:] if kept else parts[: mark + 1]

    def _is_title_after_artist(self, parts: list[str]) -> bool:
        """ "Taylor Swift - Long Live" names the artist, "Bad Company - Live" the song, as does
        "Sister & Thunder - Harbour Remix" by "Sister & Sister": who is not credited sings no song.
        """
        if self.on_video_site:
            return self._named(parts[0])
        credited = all(map(self._named, names(parts[0])))
        if credited and is_video_mark(parts[1]):
            return bool(without_video_words(parts[1]))
        return credited and not is_plain_suffix(parts[1])

    def _without_translation(self, text: str) -> str:
        """Of a title and its translation, each with the artist, the first."""
        halves = two_halves(text)
        if not halves:
            return text
        (first, title), (second, translation) = halves
        artist, other = names(first)[0], names(second)[0]
        if not (self._named(first) or self._named(second)):
            return text
        if other != artist and not sounds_same(other, artist):
            return text
        self.others += [(translation, artist), (translation, other)]
        return f"{first} - {title}"

    def _without_artist(self, parts: list[str]) -> list[str]:
        if len(parts) < 2:
            return parts
        if not self._named(parts[0]) and self._named(parts[-1]):
            self.found_artist = True
            return parts[:-1]
        return parts[1:] if self._credits(parts[0]) else parts

    def _without_gloss(self, parts: list[str]) -> list[str]:
        """Of "夜に駆ける - Yoru ni Kakeru" the first, where it is clear that none is an artist."""
        if len(parts) != 2 or is_foreign(parts[0]) == is_foreign(parts[1]):
            return parts
        if is_foreign(parts[0]) and has_latin(parts[0]) and not is_latin(parts[1]):
            return parts
        if self.is_catalogue or sounds_same(words(parts[0]), words(parts[1])):
            self.others.append((parts[1], ""))
            return parts[:1]
        return parts

    def _without_name(self, text: str) -> str:
        """Of "Artist: Song" and "Song / Artist" the song; only for an artist who is credited."""
        if " by " in text and self._named(text.rpartition(" by ")[2]):
            text = text.rpartition(" by ")[0]
        if " / " not in text and ":" not in text:
            return text
        parts = [part for part in _LOOSE_BREAK.split(text) if part]
        while len(parts) > 1 and (self._named(parts[-1]) or is_video_mark(parts[-1])):
            parts.pop()
        while len(parts) > 1 and (self._named(parts[0]) or is_video_mark(parts[0])):
            parts = parts[1:]
        return " ".join(parts)

    def _credits(self, text: str) -> bool:
        """Take the text for the artist if it names one credited, or another than the uploader."""
        credit = ASIDE.sub("", text)
        if not self._named(credit):
            credit = _TRACK_NUMBER.sub("", credit)
        twice = split_scripts(words(credit))
        if name := self._credited(twice):
            self.artist = names(name)[0]
            self.found_artist = True
            return True
        if self._named(credit):
            self.artist = names(credit)[0]
            self.found_artist = True
            return True
        if self.on_video_site and not self.is_catalogue and credit.strip():
            self.artist = names(_without_gloss(credit))[0]
            self.found_artist = True
            return True
        return False

    def _unquoted(self, text: str) -> str:
        """Of "Artist 'Song' MV" the song."""
        found = _QUOTED.match(text) if "'" in text or '"' in text else None
        if not found:
            return text
        tail = ASIDE.sub("", found["tail"]).strip()
        head = without_video_words(found["head"].rstrip(" -"))
        if not self._named(head):
            head = _GLUED_MARK.sub("", head)
        marked = is_video_mark(tail) or head != found["head"].strip()
        if not head:
            return self._unquoted_first(found, tail) or text
        if tail and not is_video_mark(tail):
            return text
        self.on_video_site = self.on_video_site or marked
        if not self._credits(head):
            return text
        self.is_delimited = True
        quoted = _GLUED_MARK.sub("", found["double"] or found["single"])
        return " ".join([quoted, *ASIDE.findall(found["tail"])])

    def _unbracketed(self, text: str) -> str:
        """Of "Artist【Song】MV" the song."""
        found = _BRACKETED.match(text) if "{" in text else None
        if not found:
            return text
        head = found["head"].strip()
        if not self._named(head):
            head = _GLUED_MARK.sub("", head)
        if not self._named(head):
            return text
        tail = found["tail"].strip()
        if tail and not is_video_mark(tail):
            return text
        if not self._credits(head):
            return text
        self.is_delimited = True
        return found["title"]

    def _unquoted_first(self, found: re.Match[str], tail: str) -> str:
        """Of "「Song」 Artist MV" the song; nothing where the tail is neither."""
        rest = without_video_words(tail)
        if rest and not self._named(rest):
            return ""
        quoted: str = found["double"] or found["single"]
        return quoted if tail else ""


def _cleaned(tidied: str) -> str:
    if "." in tidied[-5:]:
        tidied = _FILE.sub("", tidied)
    return uncensored(_SHOUT.sub(" ", tidied)).strip() if "*" in tidied else tidied


def _without_gloss(credit: str) -> str:
    """ "IVE 아이브" is one artist in two scripts."""
    latin = list(takewhile(str.isascii, credit.split()))
    return " ".join(latin) if latin else credit
