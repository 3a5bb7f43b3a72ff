"""Owners for a drill, with plays of known counts."""

from collections.abc import Iterator
from random import Random

from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.play import Play, Track

DAY = 86_400
CHUNKS, PLAYS, SONGS = 3, 12, 20
APART = 3_600
"""Seconds between two plays of an owner, so that none is a duplicate of another."""

Counts = dict[str, int]
"""Title -> how often it was played."""


def tenant_of(number: int, tenants: int) -> str:
    """The tenant of an owner, who are spread over `tenants`."""
    return f"drill_{number % tenants}" if tenants > 1 else "drill"


def people(
    owners: int, *, now: int, seed: int, tenants: int = 1
) -> Iterator[tuple[Owner, list[Chunk], Counts]]:
    """Yields each owner with the chunks of the last days, and the counts of their list. Owners are
    of so many `tenants`.
    """
    dice = Random(seed)  # noqa: S311 - it guards nothing
    today = now - now % DAY
    for number in range(owners):
        owner = Owner(tenant_of(number, tenants), f"listener-{number:06}")
        counts: Counts = {}
        chunks = []
        for back in range(CHUNKS, 0, -1):
            begins = today - 2 * back * DAY
            titles = [f"Song {dice.randrange(SONGS)}" for _ in range(PLAYS)]
            for title in titles:
                counts[title] = counts.get(title, 0) + 1
            chunks.append(_chunk(owner, titles, begins, f"crawl-{back}"))
        yield owner, chunks, counts


def _chunk(owner: Owner, titles: list[str], begins: int, crawl_id: str) -> Chunk:
    plays = tuple(
        Play(
            "spotify",
            Track(f"id-{title}", title, ("The Lanterns",), duration=200),
            begins + n * APART,
        )
        for n, title in enumerate(titles)
    )
    return Chunk(owner, "spotify", begins + DAY, crawl_id, plays)
