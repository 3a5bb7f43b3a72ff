"""A crawl's receipt: the plays that one crawl brought, never changed afterwards."""

from dataclasses import dataclass

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
