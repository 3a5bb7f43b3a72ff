"""A chunk: the plays of one crawl or push, immutable."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

from topk.domain.owner import Owner
from topk.domain.play import Brought, Play, plays_of


@dataclass(frozen=True, slots=True)
class Chunk:
    """`crawl_id` distinguishes chunks of the same second.

    A `compacted` chunk holds plays of chunks that were fetched before `fetched_at`, and outlives
    them.
    """

    owner: Owner
    provider: str
    fetched_at: int
    crawl_id: str
    plays: tuple[Play, ...]
    compacted: bool = False


def pushed(owner: Owner, provider: str, plays: Iterable[Play]) -> Chunk:
    """The chunk of pushed `plays`, at least one: equal plays give the same chunk.

    A repeated push therefore overwrites its own row. Its time is that of its latest play and not of
    the call; readers look for a play from its time on.
    """
    ordered = tuple(sorted(set(plays)))
    latest = max(play.listened_at for play in ordered)
    return Chunk(owner, provider, latest, _digest(ordered), ordered)


def compacted(owner: Owner, brought: Iterable[Brought], *, through: int) -> Iterator["Chunk"]:
    """One compacted chunk for each provider of the plays that were `brought` before `through`.

    The same plays give the same chunks.
    """
    by_provider: dict[str, set[Play]] = defaultdict(set)
    for play in plays_of(brought):
        by_provider[play.provider].add(play)
    for provider, plays in sorted(by_provider.items()):
        ordered = tuple(sorted(plays))
        yield Chunk(owner, provider, through, _digest(ordered), ordered, compacted=True)


def is_pushed(fetched_at: int, plays: Iterable[Play]) -> bool:
    """Whether a chunk was pushed: a crawl ends later than the latest play that it found began."""
    return fetched_at == max((play.listened_at for play in plays), default=0)


def remaining(chunk: Chunk, plays: Iterable[Play]) -> Chunk:
    """The rest of `chunk` if only `plays` of it are kept.

    It has a new name, so that a repeated write of the whole chunk is an insertion.
    """
    kept = tuple(sorted(set(plays)))
    return replace(chunk, crawl_id=_digest(kept), plays=kept)


def _digest(plays: tuple[Play, ...]) -> str:
    """Of `plays` as JSON. What they share is encoded once, as a song is played many times."""
    shared = {one: json.dumps(one) for one in {part for play in plays for part in play[:2]}}
    told = ", ".join(
        [
            f"[{shared[provider]}, {shared[track]}, {listened_at}, {int(precision)}]"
            for provider, track, listened_at, precision in plays
        ]
    )
    return blake2b(f"[{told}]".encode(), digest_size=10).hexdigest()
