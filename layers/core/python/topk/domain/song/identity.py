"""Which song a track is: a fingerprint of its title, main artist and version.

Tracks of one song can still have several ids, where providers call it differently ("夜に駆ける",
"Yoru ni Kakeru"). `joining` finds those among the tracks of one owner.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from itertools import product
from typing import NamedTuple

from topk.domain.play import Track
from topk.domain.song.artists import all_names
from topk.domain.song.scripts import is_foreign, sound
from topk.domain.song.spelling import LONGEST
from topk.domain.song.titles import Song, reading_of, song_of

RULE = 2
"""Version of the rule that makes ids. A change that gives any song another id raises it."""

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_PAIRS = tuple(map("".join, product("abcdefghijklmnopqrstuvwxyz234567", repeat=2)))
"""Ten bits as two digits of RFC 4648; b32encode takes a third of a fingerprint's time."""
MOST_CREDITED = 12
"""Credits that take part in an identity; an album of "various" may name hundreds."""


class Identity(NamedTuple):
    """What a title and its credits say of the song."""

    song_id: str
    song: Song
    others: tuple[tuple[str, Song], ...] = ()
    """The further names that the title holds, each with the id it would have."""
    credited: tuple[object, ...] = ()
    """The song by all of its artists, whoever is named first; empty where there is only one."""
    foreign: bool = False
    """Is the title or the artist written in another script than Latin?"""
    is_plain: bool = True
    """Has it none of these, so that only an ISRC can join it to another?"""


@lru_cache(maxsize=16_384)
def sound_of(song: Song) -> Song:
    """What a song shares with itself in another script."""
    return Song(_sound_of(song.title), _sound_of(song.artist), song.version)


def identify(track: Track) -> Identity:
    """The identity of a track. Neither album, provider nor ISRC take part."""
    known = _identity(track.title[:LONGEST], track.artists)
    return known if known.song.artist else _of_nobody(known, track.track_id)


def song_id(track: Track) -> str:
    """The fingerprint of a song: 16 lower-case base32 characters (blake2b, 80 bits)."""
    return identify(track).song_id


def song_key(track: Track) -> Song:
    """The words a song's id is made of: title, main artist (empty where unknown), version."""
    return song_of(track.title, track.artists)


@lru_cache(maxsize=65_536)
def _identity(title: str, artists: tuple[str, ...]) -> Identity:
    artists = artists[:MOST_CREDITED]
    song, others, _ = reading_of(title, artists)
    everybody = all_names(artists)
    several = len(everybody) > 1
    foreign = is_foreign(song.title) or is_foreign(song.artist)
    return Identity(
        song_id=_fingerprint(song),
        song=song,
        others=tuple([(_fingerprint(other), other) for other in others]),
        credited=(song.title.replace(" ", ""), everybody, song.version) if several else (),
        foreign=foreign,
        is_plain=not (others or several or foreign),
    )


def _of_nobody(known: Identity, track_id: str) -> Identity:
    """Two songs called "Intro" by nobody are one only where they are the same track."""
    return Identity(_fingerprint(known.song._replace(artist=f"\n{track_id}")), known.song)


def forget_identities() -> None:
    """Empties the cache, so that the cost of titles never seen can be measured."""
    _identity.cache_clear()


def _fingerprint(song: Song) -> str:
    # Word breaks differ between providers ("TaylorSwiftVEVO", "Blink 182") and are ignored.
    return id_of(f"{song.title}\n{song.artist}\n{','.join(song.version)}".replace(" ", ""))


def id_of(text: str) -> str:
    """16 lower-case base32 characters that stand for `text` (blake2b, 80 bits)."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    bits = int.from_bytes(digest)
    return "".join([_PAIRS[bits >> shift & 1023] for shift in range(70, -1, -10)])


def _sound_of(text: str) -> str:
    heard = sound(text)
    return heard if len(heard) > 2 else text


def isrc_of(track: Track) -> str:
    """The normalised ISRC (ISO 3901); empty if it is malformed."""
    return _well_formed(track.isrc) if track.isrc else ""


@lru_cache(maxsize=65_536)
def _well_formed(spelt: str) -> str:
    isrc = spelt.upper().replace("-", "").strip()
    return isrc if _ISRC.fullmatch(isrc) else ""
