"""How a chunk's plays are written: small, and readable by every later version.

Byte 0 is the version; a raw deflate stream with the dictionary below follows, of MessagePack.

1: [tracks, plays]: tracks as [track_id, title, [artist], album, duration, isrc, url, image], each
   once; plays as three columns [index of the track], [listened_at, each less the one before],
   [precision].
2: [titles, [[artist]], albums, track_ids, isrcs, urls, images, durations, plays]: the tracks in
   columns too. An address that holds the track's id is [what is before it, what is after]. Words,
   ids and numbers are blocks of the deflate stream, each with a code of its own. A tenth smaller.
"""

import zlib
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import msgspec

from topk.domain.errors import StoreError
from topk.domain.play import Play, Precision, Track

VERSION = 2

_DICTIONARY = b"".join(
    (
        b"(Official Music Video) (Official Video) (Official Audio) (Lyrics) - Single - Remastered ",
        b" (feat. - Live at - Radio Edit (Deluxe Edition) (Remastered 2011) - Topic VEVO",
        b"GBAYE GBUM7 DEUM7 USRC1 USAT2 USSM1 QZES7 USUM7",
        b"/300x300bb.jpghttps://is1-ssl.mzstatic.com/image/thumb/Music/v4/",
        b"https://music.apple.com/us/album/",
        b"/mqdefault.jpghttps://i.ytimg.com/vi/https://www.youtube.com/watch?v=",
        b"https://i.scdn.co/image/ab67616d0000b273https://open.spotify.com/track/",
    )
)
"""Strings that chunks share. Part of the versions: a change to it is a new one."""

_Plays = tuple[list[int], list[int], list[int]]
_Names = tuple[str, ...]
_WireTrack = tuple[str, str, _Names, str, int, str, str, str]
_Address = str | tuple[str, str]
_Columns = tuple[
    list[str],
    list[_Names],
    list[str],
    list[str],
    list[str],
    list[_Address],
    list[_Address],
    list[int],
    _Plays,
]
_version_1 = msgspec.msgpack.Decoder(tuple[list[_WireTrack], _Plays])
_version_2 = msgspec.msgpack.Decoder(_Columns)
_encoder = msgspec.msgpack.Encoder()
_WORDS, _IDS, _NUMBERS = slice(0, 3), slice(3, 7), slice(7, 9)
_PRECISIONS = tuple(Precision)


def encode(plays: tuple[Play, ...]) -> bytes:
    """The bytes of `plays`, about 75 for each track and 3 for each play of it."""
    columns = _columns(sorted(plays, key=lambda play: play.listened_at))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=_DICTIONARY)
    body = [bytes([VERSION]), deflate.compress(bytes([0x90 | len(columns)]))]
    for part in (_WORDS, _IDS, _NUMBERS):
        block = b"".join(map(_encoder.encode, columns[part]))
        body += deflate.compress(block), deflate.flush(zlib.Z_BLOCK)
    return b"".join((*body, deflate.flush()))


def decode(body: bytes, provider: str) -> tuple[Play, ...]:
    """The plays in `body`, all of `provider`. Raises StoreError where it cannot be read."""
    try:
        return tuple(_plays(*_read(body), provider))
    except (zlib.error, msgspec.DecodeError, ValueError, IndexError) as error:
        raise StoreError("chunk cannot be read") from error


def _read(body: bytes) -> tuple[list[Track], _Plays]:
    if body[:1] not in {b"\x01", b"\x02"}:
        raise StoreError(f"chunk of unknown version {body[:1].hex() or 'none'}")
    packed = zlib.decompressobj(-15, zdict=_DICTIONARY).decompress(body[1:])
    if body[0] == 1:
        tracks, plays = _version_1.decode(packed)
        return [*map(Track._make, tracks)], plays
    titles, artists, albums, ids, isrcs, urls, images, durations, plays = _version_2.decode(packed)
    addresses = map(_address, urls, ids), map(_address, images, ids)
    rows = zip(ids, titles, artists, albums, durations, isrcs, *addresses, strict=True)
    return [*map(Track._make, rows)], plays


def _plays(tracks: list[Track], plays: _Plays, provider: str) -> list[Play]:
    of_tracks, steps, precisions = plays
    columns = zip(of_tracks, accumulate(steps), precisions, strict=True)
    return [Play(provider, tracks[of], at, _PRECISIONS[how]) for of, at, how in columns]


def _columns(ordered: Sequence[Play]) -> tuple[Any, ...]:
    index = {track: at for at, track in enumerate(dict.fromkeys(p.track for p in ordered))}
    stamps = [play.listened_at for play in ordered]
    return (
        [track.title for track in index],
        [track.artists for track in index],
        [track.album for track in index],
        [track.track_id for track in index],
        [track.isrc for track in index],
        [_around(track.url, track.track_id) for track in index],
        [_around(track.image, track.track_id) for track in index],
        [track.duration for track in index],
        (
            [index[play.track] for play in ordered],
            [stamp - before for stamp, before in zip(stamps, [0, *stamps], strict=False)],
            [int(play.precision) for play in ordered],
        ),
    )


def _around(address: str, track_id: str) -> _Address:
    before, found, after = address.partition(track_id) if track_id else (address, "", "")
    return (before, after) if found else address


def _address(written: _Address, track_id: str) -> str:
    return written if isinstance(written, str) else track_id.join(written)
