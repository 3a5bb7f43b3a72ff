"""A chunk: the plays of one crawl or push, immutable."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b

from topk.domain.owner import Owner
from topk.domain.play import Play


@dataclass(frozen=True, slots=True)
class Chunk:
    """`crawl_id` distinguishes chunks of the same second."""

    owner: Owner
    provider: str
    fetched_at: int
    crawl_id: str
    plays: tuple[Play, ...]


def pushed(owner: Owner, provider: str, plays: Iterable[Play]) -> Chunk:
    """The chunk of pushed `plays`, at least one: equal plays give the same chunk.

    A repeated push therefore overwrites its own row. Its time is that of its latest play and not of
    the call; readers look for a play from its time on.
    """
    ordered = tuple(sorted(set(plays)))
    latest = max(play.listened_at for play in ordered)
    return Chunk(owner, provider, latest, _digest(ordered), ordered)


def remaining(chunk: Chunk, plays: Iterable[Play]) -> Chunk:
    """The rest of `chunk` if only `plays` of it are kept.

    It has a new name, so that a repeated write of the whole chunk is an insertion.
    """
    kept = tuple(sorted(set(plays)))
    return replace(chunk, crawl_id=_digest(kept), plays=kept)


def _digest(plays: tuple[Play, ...]) -> str:
    told = json.dumps(plays).encode()
    return blake2b(told, digest_size=10).hexdigest()
