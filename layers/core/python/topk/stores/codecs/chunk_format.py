"""How a chunk's plays are written: small, and readable by every later version.

Byte 0 is the version; a raw deflate stream with the version's dictionary follows, of MessagePack.

1: [tracks, plays]: tracks as [track_id, title, [artist], album, duration, isrc, url, image], each
   once; plays as three columns [index of the track], [listened_at, each less the one before],
   [precision].
2: [titles, [[artist]], albums, track_ids, isrcs, urls, images, durations, plays]: the tracks in
   columns too. An address that holds the track's id is [what is before it, what is after]. Words,
   ids and numbers are blocks of the deflate stream, each with a code of its own.
3: [titles, artists, albums, bits, [ids, isrcs, urls, images], durations, plays]: the words of a
   column are one text of lines, an artist's names apart by a tab, or arrays where a word holds
   those; the columns of ids and addresses are packed as `alike` does, all into `bits`.
"""

import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, repeat
from typing import Any, TypeVar

import msgspec

from topk.domain.errors import StoreError
from topk.domain.play import Play, Precision, Track
from topk.stores.codecs.column_packing import Column, pack, unpack

VERSION = 3

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
"""Strings that chunks share. Part of versions 1 and 2; a change needs a new version."""
_WORDS = b"""
 of you in the to with your it on up this that all for from like can't don't
Never Only When What Where Every Forever Something Nothing Another Without Tonight Midnight Morning
Summer Dream Dance Heart Light Night World Fire Rain Blue Black Golden Heaven Girl Baby Time Life
I'm I Can Don't My Me The You Your Love In the Of the
 Orchestra Ensemble Quartet Symphony Brothers Sisters Band Collective Project DJ MC Lil Young The
 (Original Motion Picture Soundtrack) (Expanded Edition) Greatest Hits, Vol. 2 - EP - Single
 (Official Music Video) (Official Video) (Official Audio) (Lyrics) - Topic VEVO
 (Instrumental) (Acoustic) (Live at (Live) - Live from (Sped Up) (Remix) Remix Mix Version
 - Extended Mix - Radio Edit - Remastered 2011 - 2009 Remaster (Deluxe Edition) (feat. & """
_DICTIONARY_3 = b"".join(
    (
        b"/300x300bb.jpghttps://is1-ssl.mzstatic.com/image/thumb/Music/v4/",
        b"https://music.apple.com/us/album/",
        b"/mqdefault.jpghttps://i.ytimg.com/vi/https://www.youtube.com/watch?v=",
        b"https://i.scdn.co/image/ab67616d00001e02https://open.spotify.com/track/",
        _WORDS,
    )
)
"""The same with common words of titles."""

_Plays = tuple[list[int], list[int], list[int]]
_Names = tuple[str, ...]
_Tuple = TypeVar("_Tuple", Track, Play)
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
_Text = str | list[str]
_Packed = tuple[
    _Text,
    str | list[list[str]],
    _Text,
    bytes,
    tuple[Column, Column, Column, Column],
    list[int],
    _Plays,
]
_version_2 = msgspec.msgpack.Decoder(_Columns)
_version_3 = msgspec.msgpack.Decoder(_Packed)
_encoder = msgspec.msgpack.Encoder()
_BLOCKS = slice(0, 3), slice(3, 4), slice(4, 7)
_PRECISIONS = tuple(Precision)


def encode(plays: tuple[Play, ...]) -> bytes:
    """The bytes of `plays`, about 65 for each track and 3 for each play of it."""
    columns = _columns(sorted(plays, key=lambda play: play.listened_at))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_DICTIONARY_3)
    body = [bytes([VERSION]), deflate.compress(bytes([0x90 | len(columns)]))]
    # Words, bits and numbers are blocks of the stream: they differ too much to share a code.
    for part in _BLOCKS:
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
    match body[:1]:
        case b"\x01":
            tracks, plays = _version_1.decode(_inflated(body, _DICTIONARY))
            return [*map(Track._make, tracks)], plays
        case b"\x02":
            return _read_2(_inflated(body, _DICTIONARY))
        case b"\x03":
            return _read_3(_inflated(body, _DICTIONARY_3))
        case version:
            raise StoreError(f"chunk of unknown version {version.hex() or 'none'}")


def _inflated(body: bytes, dictionary: bytes) -> bytes:
    return zlib.decompressobj(-15, zdict=dictionary).decompress(body[1:])


def _read_2(packed: bytes) -> tuple[list[Track], _Plays]:
    titles, artists, albums, ids, isrcs, urls, images, durations, plays = _version_2.decode(packed)
    addresses = map(_address, urls, ids), map(_address, images, ids)
    rows = zip(ids, titles, artists, albums, durations, isrcs, *addresses, strict=True)
    return [*map(Track._make, rows)], plays


def _read_3(packed: bytes) -> tuple[list[Track], _Plays]:
    titles, artists, albums, bits, alike, durations, plays = _version_3.decode(packed)
    number = len(durations)
    ids, bits = unpack(alike[0], number, bits)
    isrcs, bits = unpack(alike[1], number, bits)
    urls, bits = unpack(alike[2], number, bits, ids)
    images, _ = unpack(alike[3], number, bits, ids)
    words = _lines(titles), _names(artists), _lines(albums)
    rows = zip(ids, *words, durations, isrcs, urls, images, strict=True)
    return _tuples(Track, rows), plays


def _lines(text: _Text) -> list[str]:
    return text.split("\n") if isinstance(text, str) else text


def _names(text: str | list[list[str]]) -> Iterable[_Names]:
    return map(_credit, text.split("\n")) if isinstance(text, str) else map(tuple, text)


@lru_cache(maxsize=4096)
def _credit(line: str) -> _Names:
    return tuple(line.split("\t")) if line else ()


def _plays(tracks: list[Track], plays: _Plays, provider: str) -> list[Play]:
    of_tracks, steps, precisions = plays
    columns = (
        map(tracks.__getitem__, of_tracks),
        accumulate(steps),
        map(_PRECISIONS.__getitem__, precisions),
    )
    return _tuples(Play, zip(repeat(provider, len(steps)), *columns, strict=True))


def _tuples(kind: type[_Tuple], rows: Iterable[tuple[Any, ...]]) -> list[_Tuple]:
    """`kind._make` for each row at half the cost, for rows of the right length."""
    made: Iterable[Any] = map(tuple.__new__, repeat(kind), rows)
    return [*made]


def _columns(ordered: Sequence[Play]) -> tuple[Any, ...]:
    index: dict[Track, int] = {}
    of_tracks = [index.setdefault(play[1], len(index)) for play in ordered]
    ids = [track.track_id for track in index]
    alike = [
        pack(ids),
        pack([track.isrc for track in index]),
        pack([track.url for track in index], ids),
        pack([track.image for track in index], ids),
    ]
    return (
        _text([track.title for track in index]),
        _text_of_names([track.artists for track in index]),
        _text([track.album for track in index]),
        b"".join(bits for _, bits in alike),
        [column for column, _ in alike],
        [track.duration for track in index],
        (of_tracks, *_times(ordered)),
    )


def _times(ordered: Sequence[Play]) -> tuple[list[int], list[int]]:
    """The steps between the stamps, and the precisions."""
    stamps = [play.listened_at for play in ordered]
    return (
        [stamp - before for stamp, before in zip(stamps, [0, *stamps], strict=False)],
        [int(play.precision) for play in ordered],
    )


def _text(words: list[str]) -> _Text:
    text = "\n".join(words)
    return text if words and text.count("\n") == len(words) - 1 else words


def _text_of_names(names: list[tuple[str, ...]]) -> str | list[tuple[str, ...]]:
    lines = _text(["\t".join(of_track) for of_track in names])
    if isinstance(lines, str) and [*map(tuple, _names(lines))] == names:
        return lines
    return names


def _address(written: _Address, track_id: str) -> str:
    return written if isinstance(written, str) else track_id.join(written)
