"""How the songs of a top list are written, and how complete it is.

Byte 0 is the version; a raw deflate stream of MessagePack follows. In version 1 that is an array
with one array for each song: [song_id, title, [singer], [album], listen_count, last_listened_at,
url, image, [provider]]. In version 2 it is [songs as in version 1, complete days, [day of a
suspected gap, as date.toordinal], thousandths of the plays whose time is inferred].
"""

import zlib
from datetime import date

import msgspec

from topk.domain.completeness import Completeness
from topk.domain.errors import StoreError
from topk.domain.ranking import RankedSong

VERSION = 2

_WireSong = tuple[str, str, tuple[str, ...], tuple[str, ...], int, int, str, str, tuple[str, ...]]
_WireList = tuple[list[_WireSong], int, tuple[int, ...], int]
_songs = msgspec.msgpack.Decoder(list[_WireSong])
_lists = msgspec.msgpack.Decoder(_WireList)
_encoder = msgspec.msgpack.Encoder()


def encode(songs: tuple[RankedSong, ...], known: Completeness) -> bytes:
    wire_songs = [
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
    gaps = [day.toordinal() for day in known.suspected_gaps]
    wire = (wire_songs, known.complete_days, gaps, round(known.inferred_share * 1000))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return bytes([VERSION]) + deflate.compress(_encoder.encode(wire)) + deflate.flush()


def decode(body: bytes) -> tuple[tuple[RankedSong, ...], Completeness | None]:
    """The songs, and how complete they are: None in version 1, which does not say.

    Raises StoreError where `body` cannot be read.
    """
    if not body or body[0] not in {1, VERSION}:
        raise StoreError(f"list of unknown version {body[:1].hex() or 'none'}")
    try:
        packed = zlib.decompressobj(-15).decompress(body[1:])
        if body[0] == 1:
            return _ranked(_songs.decode(packed)), None
        songs, complete_days, gaps, thousandths = _lists.decode(packed)
        days = tuple(date.fromordinal(day) for day in gaps)
    except (zlib.error, msgspec.DecodeError, ValueError) as error:
        raise StoreError("list cannot be read") from error
    return _ranked(songs), Completeness(complete_days, days, thousandths / 1000)


def _ranked(songs: list[_WireSong]) -> tuple[RankedSong, ...]:
    return tuple(RankedSong(*song) for song in songs)
