"""A receipt: the plays that one crawl or push brought, never changed afterwards."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b

from topk.domain.owner import Owner
from topk.domain.play import Play


@dataclass(frozen=True, slots=True)
class Chunk:
    """`crawl_id` tells chunks apart that were fetched in the same second."""

    owner: Owner
    provider: str
    fetched_at: int
    crawl_id: str
    plays: tuple[Play, ...]


def pushed(owner: Owner, provider: str, plays: Iterable[Play]) -> Chunk:
    """The chunk of some pushed `plays`, one or more: the same plays make the same chunk.

    So a repeated push writes over its own row. For that its time must not be that of the call; the
    latest time of its plays stands in, since whoever looks for a play looks from its time on.
    """
    ordered = tuple(sorted(set(plays)))
    latest = max(play.listened_at for play in ordered)
    return Chunk(owner, provider, latest, _digest(ordered), ordered)


def remaining(chunk: Chunk, plays: Iterable[Play]) -> Chunk:
    """What stays of `chunk` where only `plays` of it are kept.

    It has a name of its own: whoever writes the whole chunk once more adds a row, and does not
    change one unseen.
    """
    kept = tuple(sorted(set(plays)))
    return replace(chunk, crawl_id=_digest(kept), plays=kept)


def _digest(plays: tuple[Play, ...]) -> str:
    told = json.dumps(plays).encode()
    return blake2b(told, digest_size=10).hexdigest()
