"""Markers: rows in an owner's partition of Plays, sorted after all chunks, so that reading plays
reads them too.

    ~<until>#<digest>       a deletion: [provider, [song_id], [isrc], [name], [spelling], rule]
    ~c<made at>#<id>        a correction, or that it was undone
    ~h<made at>#<song_id>   a hidden song, named so that a later rule of identity finds it

Bodies are MessagePack arrays. Deletions may end after the third element. They and corrections stay
as long as the owner does, because a provider can report an old play at any time.
"""

from hashlib import blake2b

import msgspec

from topk.domain.errors import LimitReachedError, StoreError
from topk.domain.limits import LARGEST_CORRECTION
from topk.domain.owner import Owner
from topk.domain.play_log import Corrected, Undone
from topk.domain.privacy.deletion import Deletion
from topk.domain.song.marks import FIRST_RULE, SongMark, Spelling
from topk.domain.toplist.corrections import Correction, Kind
from topk.stores.dynamodb.models import PlaysModel

FIRST = "~"
"""Sorts behind the digits that the key of every chunk begins with."""
BEHIND_DELETIONS = "~:"
_CORRECTION, _HIDDEN = "~c", "~h"
_LONGEST_PREFIX = 2
UNDONE_SECONDS = 2 * 86_400
"""How long it is kept that a correction was undone, so that the stream tells the archive."""


class _Deletion(msgspec.Struct, array_like=True, frozen=True):
    provider: str
    song_ids: tuple[str, ...]
    isrcs: tuple[str, ...]
    names: tuple[Spelling, ...] = ()
    spellings: tuple[Spelling, ...] = ()
    rule: int = FIRST_RULE


class _Correction(msgspec.Struct, array_like=True, frozen=True):
    version: int
    kind: str
    songs: tuple[SongMark, ...] = ()
    since: int = 0
    until: int = 0
    provider: str = ""


_VERSION = 1
_UNDONE = "undone"
_deletions = msgspec.msgpack.Decoder(_Deletion)
_corrections = msgspec.msgpack.Decoder(_Correction)
_marks = msgspec.msgpack.Decoder(SongMark)
_encoder = msgspec.msgpack.Encoder()


def is_marker(key: str) -> bool:
    return key.startswith(FIRST)


def is_deletion(key: str) -> bool:
    return is_marker(key) and key[1:2].isdigit()


def is_correction(key: str) -> bool:
    return key.startswith(_CORRECTION)


def is_hidden(key: str) -> bool:
    return key.startswith(_HIDDEN)


def moment_of(key: str) -> int:
    """The time in the key of a chunk or a marker. Raises ValueError if there is none."""
    plain = key[_LONGEST_PREFIX:] if key[:_LONGEST_PREFIX] in {_CORRECTION, _HIDDEN} else key
    return int(plain.removeprefix(FIRST).partition("#")[0])


def deletion_row(owner: Owner, deletion: Deletion) -> PlaysModel:
    song = deletion.song
    body = _encoder.encode(
        _Deletion(
            deletion.provider, song.ids, deletion.isrcs, song.names, song.spellings, song.rule
        )
    )
    # Names and rule are left out, so that a deletion is the same whatever rule reads it.
    covered: tuple[object, ...] = (deletion.provider, song.ids, deletion.isrcs)
    identified = _encoder.encode((*covered, song.spellings) if song.spellings else covered)
    digest = blake2b(identified, digest_size=8).hexdigest()
    return PlaysModel(owner.key, f"{FIRST}{deletion.until:010}#{digest}", body=body)


def read_deletion(key: str, body: bytes) -> Deletion:
    """Raises StoreError if the row cannot be read, as all readers here do."""
    try:
        told, until = _deletions.decode(body), moment_of(key)
    except (msgspec.DecodeError, ValueError) as error:
        raise StoreError("deletion cannot be read") from error
    song = SongMark(told.song_ids, told.names, told.spellings, told.rule)
    return Deletion(until, told.provider, song, told.isrcs)


def correction_row(owner: Owner, one: Corrected) -> PlaysModel:
    key = f"{_CORRECTION}{one.made_at:010}#{one.correction_id}"
    gone_at = one.made_at + UNDONE_SECONDS if isinstance(one, Undone) else None
    return PlaysModel(owner.key, key, body=correction_body(one), expires_at=gone_at)


def correction_body(one: Corrected) -> bytes:
    """Raises LimitReachedError above LARGEST_CORRECTION bytes."""
    if isinstance(one, Undone):
        return _encoder.encode(_Correction(_VERSION, _UNDONE))
    body = _encoder.encode(
        _Correction(_VERSION, one.kind, one.songs, one.since, one.until, one.provider)
    )
    if len(body) > LARGEST_CORRECTION:
        raise LimitReachedError("bytes", LARGEST_CORRECTION)
    return body


def read_correction(key: str, body: bytes) -> Corrected:
    return correction_of(moment_of(key), key.partition("#")[2], body)


def correction_of(made_at: int, correction_id: str, body: bytes) -> Corrected:
    """What a `body` says that was written at `made_at`."""
    try:
        told = _corrections.decode(body)
        if told.version != _VERSION:
            raise StoreError("correction of an unknown version")
        if told.kind == _UNDONE:
            return Undone(made_at, correction_id)
        return Correction(
            made_at, Kind(told.kind), told.songs, told.since, told.until, told.provider
        )
    except (msgspec.DecodeError, ValueError) as error:
        raise StoreError("correction cannot be read") from error


def hidden_row(owner: Owner, song: SongMark, *, now: int) -> PlaysModel:
    key = f"{_HIDDEN}{now:010}#{song.ids[0]}"
    return PlaysModel(owner.key, key, body=_encoder.encode(song))


def read_hidden(body: bytes) -> SongMark:
    try:
        return _marks.decode(body)
    except msgspec.DecodeError as error:
        raise StoreError("hidden song cannot be read") from error
