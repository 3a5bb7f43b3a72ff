"""How a top list is written: its songs, how complete it is, and its past.

Byte 0 is the version; a raw deflate stream of MessagePack follows.

1: an array with one array for each song: [song_id, title, [singer], [album], listen_count,
   last_listened_at, url, image, [provider]].
2: [songs as in version 1, complete days, [day of a suspected gap, as date.toordinal], thousandths
   of the plays whose time is inferred].
3: [edition, null or [stamp, edition]]: the owner's own, and that of others with the stamp of
   what is hidden. An edition is [columns, complete days, gaps, thousandths, past]; the
   columns are the ten elements of its songs, the tenth being [further id]. Each column is a block
   of the deflate stream, with a code of its own: letters, digits and ids differ too much to share
   one, which makes a row an eighth smaller. A past is null or [checksum, places, [index of a place
   that is the same song as the one before], null or [places of one song]]; places are the first
   four bytes of song ids, in a row. The second edition repeats most of the first and so costs
   little.
4: as version 3, but an edition begins with the names of songs that occur only in its past, each the
   first characters of its ids with spaces between. Blocks are of columns that are alike: names and
   ids, words, numbers, urls, images and the rest. A past is null
   or [checksum, ranks, null or ranks, null or [checksum, ranks]]: the week before, what was first
   in the weeks before that, and the past that the next week's lists begin with. Ranks are indices
   of the edition's songs and of the names, which count on.
5: as version 4, with a third element: the providers of duplicate accounts. Written only where there
   are some.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import get_args

import msgspec

from topk.domain.errors import StoreError
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.top_list import Redacted, TopList
from topk.stores.codecs import previous_weeks_format
from topk.stores.codecs.previous_weeks_format import OldPast, WirePast

VERSION = 5
_WITHOUT_DUPLICATES = 4

_Names = tuple[str, ...]
_PlainSong = tuple[str, str, _Names, _Names, int, int, str, str, _Names]
_Song = tuple[str, str, _Names, _Names, int, int, str, str, _Names, _Names]
_Columns = tuple[
    list[str],
    list[str],
    list[_Names],
    list[_Names],
    list[int],
    list[int],
    list[str],
    list[str],
    list[_Names],
    list[_Names],
]
_Rest = tuple[int, tuple[int, ...], int, WirePast | None]
_Edition3 = tuple[_Columns, int, tuple[int, ...], int, OldPast | None]
_Edition = tuple[list[str], _Columns, int, tuple[int, ...], int, WirePast | None]
_Told = tuple[tuple[RankedSong, ...], Completeness, Past | None]
_version_1 = msgspec.msgpack.Decoder(list[_PlainSong])
_version_2 = msgspec.msgpack.Decoder(tuple[list[_PlainSong], int, tuple[int, ...], int])
_version_3 = msgspec.msgpack.Decoder(tuple[_Edition3, tuple[bytes, _Edition3] | None])
_version_4 = msgspec.msgpack.Decoder(tuple[_Edition, tuple[bytes, _Edition] | None])
_version_5 = msgspec.msgpack.Decoder(tuple[_Edition, tuple[bytes, _Edition] | None, _Names])
_encoder = msgspec.msgpack.Encoder()
_NO_SONGS = [()] * len(get_args(_Columns))
_BLOCKS = slice(1, 4), slice(4, 6), slice(6, 7), slice(7, 8), slice(8, None)
"""The columns after that of the ids: words, numbers, urls, images, and the rest."""


def encode(found: TopList) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = [bytes([VERSION if found.completeness.duplicates else _WITHOUT_DUPLICATES])]
    for block in _blocks(found):
        body += deflate.compress(block), deflate.flush(zlib.Z_BLOCK)
    return b"".join((*body, deflate.flush()))


@lru_cache(maxsize=256)
def decode(body: bytes, *, as_of: date, time_zone: str, complete_days: int = 0) -> TopList:
    """The list in `body`, of the day that its row tells; version 1 leaves `complete_days` to it.

    A list that many look at is read from the same bytes once. Raises StoreError where `body` cannot
    be read.
    """
    try:
        (songs, known, past), redacted = _told(body, complete_days)
    except (zlib.error, msgspec.DecodeError, ValueError, IndexError) as error:
        raise StoreError("list cannot be read") from error
    return TopList(songs, as_of, time_zone, known, past, redacted)


def _told(body: bytes, complete_days: int) -> tuple[_Told, Redacted | None]:
    packed = zlib.decompressobj(-15).decompress(body[1:])
    match body[:1]:
        case b"\x01":
            known = Completeness(complete_days)
            return (_ranked(_version_1.decode(packed)), known, None), None
        case b"\x02":
            plain, days, gaps, thousandths = _version_2.decode(packed)
            return (_ranked(plain), _completeness(days, gaps, thousandths), None), None
        case b"\x03":
            own3, other3 = _version_3.decode(packed)
            return _read_3(*own3), _redacted(other3[0], _read_3(*other3[1])) if other3 else None
        case b"\x04":
            own, other = _version_4.decode(packed)
            return _read_4(*own), _redacted(other[0], _read_4(*other[1])) if other else None
        case b"\x05":
            own, other, duplicates = _version_5.decode(packed)
            songs, known, past = _read_4(*own)
            told = songs, replace(known, duplicates=duplicates), past
            return told, _redacted(other[0], _read_4(*other[1])) if other else None
        case version:
            raise StoreError(f"list of unknown version {version.hex() or 'none'}")


def _redacted(stamp: bytes, edition: _Told) -> Redacted:
    songs, known, past = edition
    return Redacted(stamp, songs, known, past or Past())


def _read_3(
    columns: _Columns, days: int, gaps: tuple[int, ...], thousandths: int, past: OldPast | None
) -> _Told:
    songs = _ranked(zip(*columns, strict=True))
    return (
        songs,
        _completeness(days, gaps, thousandths),
        previous_weeks_format.read_old(*past) if past else None,
    )


def _read_4(
    names: list[str],
    columns: _Columns,
    days: int,
    gaps: tuple[int, ...],
    thousandths: int,
    past: WirePast | None,
) -> _Told:
    songs = _ranked(zip(*columns, strict=True))
    told = previous_weeks_format.read(songs, names, *past) if past else None
    return songs, _completeness(days, gaps, thousandths), told


def _blocks(found: TopList) -> Iterator[bytes]:
    """The MessagePack of the list, block by block."""
    other, duplicates = found.redacted, found.completeness.duplicates
    yield _array(3 if duplicates else 2)
    yield from _edition(found.songs, found.completeness, found.past)
    if other is None:
        yield _encoder.encode(None)
    else:
        yield _array(2) + _encoder.encode(other.without)
        yield from _edition(other.songs, other.completeness, other.past)
    if duplicates:
        yield _encoder.encode(duplicates)


def _edition(
    songs: Sequence[RankedSong], known: Completeness, past: Past | None
) -> Iterator[bytes]:
    columns = [*map(_encoder.encode, list(zip(*songs, strict=True)) or _NO_SONGS)]
    names, told = previous_weeks_format.write(songs, past) if past else ([], None)
    rest = _rest(known, told)
    *alike, last = (b"".join(columns[block]) for block in _BLOCKS)
    yield b"".join(
        (_array(2 + len(rest)), _encoder.encode(names), _array(len(columns)), columns[0])
    )
    yield from alike
    yield last + b"".join(map(_encoder.encode, rest))


def _array(length: int) -> bytes:
    """The head of an array of fewer than 16 elements (MessagePack's fixarray)."""
    return bytes([0x90 | length])


def _rest(known: Completeness, past: WirePast | None) -> _Rest:
    return (
        known.complete_days,
        tuple(day.toordinal() for day in known.suspected_gaps),
        round(known.inferred_share * 1000),
        past,
    )


def _ranked(songs: Iterable[_Song] | Iterable[_PlainSong]) -> tuple[RankedSong, ...]:
    return tuple([RankedSong(*song) for song in songs])


def _completeness(days: int, gaps: tuple[int, ...], thousandths: int) -> Completeness:
    return Completeness(days, tuple(map(date.fromordinal, gaps)), thousandths / 1000)
