"""How the songs of a top list are written.

Byte 0 is the version. Version 1 is a raw deflate stream of a MessagePack array with one array for
each song: [song_id, title, [singer], [album], listen_count, last_listened_at, url, image,
[provider]].
"""

import zlib

import msgspec

from topk.domain.errors import StoreError
from topk.domain.ranking import RankedSong

VERSION = 1

_WireSong = tuple[str, str, tuple[str, ...], tuple[str, ...], int, int, str, str, tuple[str, ...]]
_decoder = msgspec.msgpack.Decoder(list[_WireSong])
_encoder = msgspec.msgpack.Encoder()


def encode(songs: tuple[RankedSong, ...]) -> bytes:
    wire = [
        (
            song.song_id,
            song.title,
            song.singers,
            song.albums,
            song.listen_count,
            song.last_listened_at,
            song.url,
            song.image,
            song.providers,
        )
        for song in songs
    ]
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return bytes([VERSION]) + deflate.compress(_encoder.encode(wire)) + deflate.flush()


def decode(body: bytes) -> tuple[RankedSong, ...]:
    """Raises StoreError where `body` cannot be read."""
    if not body or body[0] != VERSION:
        raise StoreError(f"list of unknown version {body[:1].hex() or 'none'}")
    try:
        wire = _decoder.decode(zlib.decompressobj(-15).decompress(body[1:]))
    except (zlib.error, msgspec.DecodeError) as error:
        raise StoreError("list cannot be read") from error
    return tuple(RankedSong(*song) for song in wire)
