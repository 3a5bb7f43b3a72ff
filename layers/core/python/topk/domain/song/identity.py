"""Which plays are of one song: a fingerprint from title and main artist, and the ISRC join."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, product

from topk.domain.play import Track
from topk.domain.song.spelling import LONGEST
from topk.domain.song.titles import Song, song_of

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_DIGITS = re.compile(r"\d+")
_PAIRS = tuple(map("".join, product("abcdefghijklmnopqrstuvwxyz234567", repeat=2)))
"""Ten bits as two digits of RFC 4648; b32encode takes a third of a fingerprint's time."""
_COMPARED = 64
"""Characters of two titles looked at for a slip of spelling; the cost grows with the square."""


def song_key(track: Track) -> Song:
    """The words a song's id is made of: title, main artist, version. Album never takes part."""
    return song_of(track.title, track.artists)


def song_id(track: Track) -> str:
    """The fingerprint of a song: 16 lower-case base32 characters (blake2b, 80 bits)."""
    return _fingerprint(track.title[:LONGEST], track.artists)


@lru_cache(maxsize=65_536)
def _fingerprint(title: str, artists: tuple[str, ...]) -> str:
    song = song_of(title, artists)
    # Word breaks differ between providers ("TaylorSwiftVEVO", "Blink 182"), so they do not count.
    text = f"{song.title}\n{song.artist}\n{','.join(song.version)}".replace(" ", "")
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    bits = int.from_bytes(digest)
    return "".join([_PAIRS[bits >> shift & 1023] for shift in range(70, -1, -10)])


def compatible(a: Track, b: Track) -> bool:
    """May a shared ISRC join these two? The same version, and titles that are related."""
    mine, yours = song_key(a), song_key(b)
    return _kind(mine) == _kind(yours) and _related(a, b)


def _kind(song: Song) -> tuple[str, ...]:
    """Version words that must agree; the place of a live recording is spelt too freely to count."""
    return ("live",) if "live" in song.version else song.version


def _related(a: Track, b: Track) -> bool:
    mine, yours = song_key(a).title, song_key(b).title
    if _DIGITS.findall(mine) != _DIGITS.findall(yours):
        return False
    if (
        song_of(a.title, a.artists, asides=False).title
        == song_of(b.title, b.artists, asides=False).title
    ):
        return True
    if mine.isascii() != yours.isascii():
        return True
    return SequenceMatcher(None, mine[:_COMPARED], yours[:_COMPARED]).ratio() >= 0.85


def join(tracks: Mapping[str, Collection[Track]]) -> dict[str, str]:
    """Each song id to the id that stands for it: ids with one ISRC and compatible titles are one.

    `tracks` are the tracks of one user by song id. The smallest id of a group stands for it, so
    the answer depends on neither order nor repetition.
    """
    stands_for = dict(zip(tracks, tracks, strict=True))
    shared = _shared(tracks)
    if not shared:
        return stands_for

    def root(song: str) -> str:
        while (parent := stands_for[song]) != song:
            song = parent
        return song

    for sharing in _sharing(tracks, shared):
        for (one, a), (other, b) in combinations(sharing, 2):
            low, high = sorted((root(one), root(other)))
            if low != high and compatible(a, b):
                stands_for[high] = low
    return {song: root(song) for song in tracks}


def isrc_of(track: Track) -> str:
    """The ISRC in its one spelling (ISO 3901); empty where there is none that is well formed."""
    return _well_formed(track.isrc)


@lru_cache(maxsize=65_536)
def _well_formed(spelt: str) -> str:
    isrc = spelt.upper().replace("-", "").strip()
    return isrc if _ISRC.fullmatch(isrc) else ""


def _shared(tracks: Mapping[str, Collection[Track]]) -> set[str]:
    """The well-formed ISRCs that tracks of more than one song carry."""
    carrier: dict[str, str] = {}
    shared: set[str] = set()
    for song, of_song in tracks.items():
        for track in of_song:
            isrc = _well_formed(track.isrc)
            if isrc and carrier.setdefault(isrc, song) != song:
                shared.add(isrc)
    return shared


def _sharing(
    tracks: Mapping[str, Collection[Track]], shared: Collection[str]
) -> Iterator[set[tuple[str, Track]]]:
    """For each ISRC of `shared` the tracks that carry it, each beside its song id."""
    carrying: dict[str, set[tuple[str, Track]]] = defaultdict(set)
    for song, of_song in tracks.items():
        for track in of_song:
            carrying[isrc_of(track)].add((song, track))
    return (carrying[isrc] for isrc in shared)
