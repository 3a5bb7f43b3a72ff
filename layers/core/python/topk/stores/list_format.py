"""How a top list is written: its songs, how complete it is, and its past.

Byte 0 is the version; a raw deflate stream of MessagePack follows.

1: an array with one array for each song: [song_id, title, [singer], [album], listen_count,
   last_listened_at, url, image, [provider]].
2: [songs as in version 1, complete days, [day of a suspected gap, as date.toordinal], thousandths
   of the plays whose time is inferred].
3: [edition, null or [stamp, edition]]: the owner's own, and that of all others with the stamp of
   what it is made without. An edition is [columns, complete days, gaps, thousandths, past]; the
   columns are the ten elements of its songs, the tenth being [further id]. Each column is a block
   of the deflate stream, with a code of its own: letters, digits and ids differ too much to share
   one, which makes a row an eighth smaller. A past is null or [checksum, places, [index of a place
   that is the same song as the one before], null or [places of one song]]; places are the first
   four bytes of song ids, in a row. The second edition repeats most of the first and so costs
   little.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import get_args

import msgspec

from topk.domain.completeness import Completeness
from topk.domain.errors import StoreError
from topk.domain.past import PREFIX_BYTES, Past, Place
from topk.domain.ranking import RankedSong
from topk.domain.toplist import Redacted, TopList

VERSION = 3

_Names = tuple[str, ...]
_PlainSong = tuple[str, str, _Names, _Names, int, int, str, str, _Names]
_Song = tuple[str, str, _Names, _Names, int, int, str, str, _Names, _Names]
_Firsts = tuple[bytes, ...] | None
_Past = tuple[int, bytes, tuple[int, ...], _Firsts]
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
_Rest = tuple[int, tuple[int, ...], int, _Past | None]
_Edition = tuple[_Columns, int, tuple[int, ...], int, _Past | None]
_Told = tuple[tuple[RankedSong, ...], Completeness, Past | None]
_version_1 = msgspec.msgpack.Decoder(list[_PlainSong])
_version_2 = msgspec.msgpack.Decoder(tuple[list[_PlainSong], int, tuple[int, ...], int])
_version_3 = msgspec.msgpack.Decoder(tuple[_Edition, tuple[bytes, _Edition] | None])
_encoder = msgspec.msgpack.Encoder()


def encode(found: TopList) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = [bytes([VERSION])]
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
            own, other = _version_3.decode(packed)
            return _read(own), _redacted(*other) if other else None
        case version:
            raise StoreError(f"list of unknown version {version.hex() or 'none'}")


def _redacted(stamp: bytes, edition: _Edition) -> Redacted:
    songs, known, past = _read(edition)
    return Redacted(stamp, songs, known, past or Past())


def _read(edition: _Edition) -> _Told:
    columns, days, gaps, thousandths, past = edition
    songs = _ranked(zip(*columns, strict=True))
    return songs, _completeness(days, gaps, thousandths), _past(*past) if past else None


def _blocks(found: TopList) -> Iterator[bytes]:
    """The MessagePack of the list, a column at a time."""
    other = found.redacted
    yield _array(2)
    yield from _edition(found.songs, found.completeness, found.past)
    if other is None:
        yield _encoder.encode(None)
        return
    yield _array(2) + _encoder.encode(other.without)
    yield from _edition(other.songs, other.completeness, other.past)


def _edition(
    songs: Sequence[RankedSong], known: Completeness, past: Past | None
) -> Iterator[bytes]:
    columns = list(zip(*songs, strict=True)) or [()] * len(get_args(_Columns))
    rest = _rest(known, past)
    yield _array(1 + len(rest)) + _array(len(columns))
    yield from map(_encoder.encode, columns)
    yield b"".join(map(_encoder.encode, rest))


def _array(length: int) -> bytes:
    """The head of an array of fewer than 16 elements (MessagePack's fixarray)."""
    return bytes([0x90 | length])


def _rest(known: Completeness, past: Past | None) -> _Rest:
    return (
        known.complete_days,
        tuple(day.toordinal() for day in known.suspected_gaps),
        round(known.inferred_share * 1000),
        _wire_past(past) if past else None,
    )


def _ranked(songs: Iterable[_Song] | Iterable[_PlainSong]) -> tuple[RankedSong, ...]:
    return tuple(RankedSong(*song) for song in songs)


def _completeness(days: int, gaps: tuple[int, ...], thousandths: int) -> Completeness:
    return Completeness(days, tuple(map(date.fromordinal, gaps)), thousandths / 1000)


def _wire_past(past: Past) -> _Past:
    prefixes = [(prefix, at) for place in past.places for at, prefix in enumerate(place)]
    further = tuple(index for index, (_, at) in enumerate(prefixes) if at)
    row = b"".join(prefix for prefix, _ in prefixes)
    firsts = None if past.firsts is None else tuple(map(b"".join, past.firsts))
    return past.made_of, row, further, firsts


def _past(made_of: int, row: bytes, further: tuple[int, ...], firsts: _Firsts) -> Past:
    places: list[Place] = []
    for index, prefix in enumerate(_prefixes(row)):
        if index in further:
            places[-1] += (prefix,)
        else:
            places.append((prefix,))
    known = None if firsts is None else tuple(map(_prefixes, firsts))
    return Past(tuple(places), known, made_of)


def _prefixes(row: bytes) -> Place:
    return tuple(row[at : at + PREFIX_BYTES] for at in range(0, len(row), PREFIX_BYTES))
