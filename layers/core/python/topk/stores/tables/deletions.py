"""Deletions: rows in an owner's partition of Plays, sorted after all chunks, so that reading plays
reads them too.

The key is `~`, the time up to which they apply and a digest; the body is a MessagePack array
[provider, [song_id], [isrc]]. They stay as long as the owner does, because a provider can report an
old play at any time.
"""

from hashlib import blake2b

import msgspec

from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.privacy.deletion import Deletion
from topk.stores.dynamodb.models import PlaysModel

FIRST = "~"
"""Sorts behind the digits that the key of every chunk begins with."""

_decoder = msgspec.msgpack.Decoder(tuple[str, tuple[str, ...], tuple[str, ...]])
_encoder = msgspec.msgpack.Encoder()


def row(owner: Owner, deletion: Deletion) -> PlaysModel:
    body = _encoder.encode((deletion.provider, deletion.song_ids, deletion.isrcs))
    digest = blake2b(body, digest_size=8).hexdigest()
    return PlaysModel(
        owner.key,
        f"{FIRST}{deletion.until:010}#{digest}",
        body=body,
    )


def read(key: str, body: bytes) -> Deletion:
    """What a row with this range key and body says. Raises StoreError where it cannot be read."""
    try:
        provider, song_ids, isrcs = _decoder.decode(body)
        until = int(key.removeprefix(FIRST).partition("#")[0])
    except (msgspec.DecodeError, ValueError) as error:
        raise StoreError("deletion cannot be read") from error
    return Deletion(until, provider, song_ids, isrcs)
