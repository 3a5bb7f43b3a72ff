"""Two concurrent crawls of a list without times count every song exactly once."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, cycle

from hypothesis import example, given
from hypothesis import strategies as st

from tests.fakes import (
    ANNA,
    NOON,
    FakeConnections,
    FakePlays,
    FakeProvider,
    FakeTimetable,
    FakeVault,
    connection,
    play,
)
from tests.interleaving import Interleaving
from topk.domain.account.connection import Connection, Grant
from topk.domain.chunk import Chunk
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.provider import Capabilities, Fetched
from topk.domain.crawl.timetable import Grid
from topk.domain.play import Precision
from topk.usecases.crawling.crawl import CrawlPorts, crawl
from topk.usecases.crawling.outcome import Outcomes

JOB = CrawlJob(ANNA, "spotify", NOON, "view", "correlation-1")
_spells = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 6)), max_size=8)
"""Which task runs next, and for how many steps."""


@dataclass
class _Songs(FakeProvider):
    """Each fetch returns one more song, inferred as played since the previous fetch."""

    capabilities: Capabilities = field(default_factory=lambda: Capabilities(50, Precision.INFERRED))
    interleaving: Interleaving = field(default_factory=Interleaving)
    heard: int = 1

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        self.interleaving.step()
        known, self.heard = int(checkpoint), self.heard + 1
        new = (
            play(f"Song {number}", NOON + known, precision=Precision.INFERRED)
            for number in range(known, self.heard)
        )
        return Fetched(tuple(new), str(self.heard), now + self.heard)


@dataclass
class _Connections(FakeConnections):
    interleaving: Interleaving = field(default_factory=Interleaving)

    def update(self, connection: Connection) -> Connection:
        self.interleaving.step()
        return super().update(connection)


@dataclass
class _Plays(FakePlays):
    interleaving: Interleaving = field(default_factory=Interleaving)

    def append(self, chunks: Iterable[Chunk]) -> None:
        self.interleaving.step()
        super().append(chunks)


class World:
    def __init__(self) -> None:
        self.interleaving = Interleaving()
        self.connections = _Connections(interleaving=self.interleaving)
        self.connections.put(connection(checkpoint="1", crawled_through=NOON))
        self.plays = _Plays(interleaving=self.interleaving)
        self.songs = _Songs(interleaving=self.interleaving)

    def crawl(self) -> Outcomes:
        return asyncio.run(
            crawl(
                [JOB],
                CrawlPorts(
                    connections=self.connections,
                    timetable=FakeTimetable(),
                    plays=self.plays,
                    vault=FakeVault(),
                    provider=lambda *_: self.songs,
                    bounds=lambda _: Bounds(),
                    grid=Grid(slot_minutes=10),
                    new_id=lambda: "crawl",
                    at_once=1,
                    seconds_each=60,
                ),
                now=NOON,
            )
        )

    def counted(self) -> Counter[str]:
        """How often each song counts; the same play reported twice is one."""
        plays = {one for chunk in self.plays.chunks for one in chunk.plays}
        return Counter(one.track.title for one in plays)


@given(_spells, st.one_of(st.none(), st.integers(0, 6)))
@example([(1, 1), (0, 2), (1, 6)], None)
def test_every_song_counts_once_in_any_interleaving(
    spells: list[tuple[int, int]], crash_at: int | None
) -> None:
    world = World()
    turns = chain.from_iterable([who] * steps for who, steps in spells)
    world.interleaving.run(
        [world.crawl, world.crawl], chain(turns, cycle([0, 1])), crash_at=crash_at
    )
    world.crawl()
    assert world.counted() == {f"Song {number}": 1 for number in range(1, world.songs.heard)}
