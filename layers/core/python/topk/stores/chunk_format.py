"""How a chunk's plays are written: small, and readable by every later version.

Byte 0 is the version. Version 1 is a raw deflate stream, with the dictionary below, of a
MessagePack array [tracks, plays]: tracks as [track_id, title, [artist], album, duration, isrc, url,
image], each once; plays as three columns [index of the track], [listened_at, each less the one
before], [precision].
"""

import zlib
from typing import Any

import msgspec

from topk.domain.errors import StoreError
from topk.domain.play import Play, Precision, Track

VERSION = 1

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
"""Strings that chunks share. Part of version 1: a change to it is a new version."""

_WireTrack = tuple[str, str, list[str], str, int, str, str, str]
_Wire = tuple[list[_WireTrack], tuple[list[int], list[int], list[int]]]
_decoder = msgspec.msgpack.Decoder(_Wire)
_encoder = msgspec.msgpack.Encoder()


def encode(plays: tuple[Play, ...]) -> bytes:
    """The bytes of `plays`, about 60 for each track and 3 for each play of it."""
    ordered = sorted(plays, key=lambda play: play.listened_at)
    index = {track: at for at, track in enumerate(dict.fromkeys(p.track for p in ordered))}
    stamps = [play.listened_at for play in ordered]
    wire: tuple[Any, ...] = (
        [_track(track) for track in index],
        (
            [index[play.track] for play in ordered],
            [stamp - before for stamp, before in zip(stamps, [0, *stamps], strict=False)],
            [int(play.precision) for play in ordered],
        ),
    )
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=_DICTIONARY)
    return bytes([VERSION]) + deflate.compress(_encoder.encode(wire)) + deflate.flush()


def decode(body: bytes, provider: str) -> tuple[Play, ...]:
    """The plays in `body`, all of `provider`. Raises StoreError where it cannot be read."""
    if not body or body[0] != VERSION:
        raise StoreError(f"chunk of unknown version {body[:1].hex() or 'none'}")
    try:
        inflate = zlib.decompressobj(-15, zdict=_DICTIONARY)
        tracks, (indices, steps, precisions) = _decoder.decode(inflate.decompress(body[1:]))
    except (zlib.error, msgspec.DecodeError) as error:
        raise StoreError("chunk cannot be read") from error
    known = [Track(t[0], t[1], tuple(t[2]), *t[3:]) for t in tracks]
    plays, stamp = [], 0
    for at, step, precision in zip(indices, steps, precisions, strict=True):
        stamp += step
        plays.append(Play(provider, known[at], stamp, _PRECISIONS[precision]))
    return tuple(plays)


_PRECISIONS = tuple(Precision)


def _track(track: Track) -> _WireTrack:
    return (
        track.track_id,
        track.title,
        list(track.artists),
        track.album,
        track.duration,
        track.isrc,
        track.url,
        track.image,
    )
