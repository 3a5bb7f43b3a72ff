"""The world of a use case in memory: each fake keeps the promises of the port it stands for."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from tests import memory_stores as stores
from topk.domain.account.connection import Connection, Grant, Status
from topk.domain.chunk import Chunk, compacted
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.load_shedding import Census
from topk.domain.crawl.provider import Authorization, Capabilities, Fetched
from topk.domain.crawl.timetable import Entry, Shard
from topk.domain.errors import ConflictError, TopkError
from topk.domain.owner import Owner
from topk.domain.play import Brought, Play, Precision, Track
from topk.domain.play_log import Corrected, History
from topk.domain.privacy.deletion import Deletion, Deletions
from topk.domain.song.marks import SongMark
from topk.domain.toplist.top_list import TopList
from topk.stores.queues.crawl_queues import CrawlQueues

NOON = 1_795_348_800
"""2026-11-22T12:00:00Z"""
DAY = 86_400
ANNA = Owner("harbor", "anna")
BEN = Owner("harbor", "ben")


FakeVisibleLists = stores.VisibleLists
FakeEdges = stores.Edges
FakeFollowRequests = stores.FollowRequests
FakeGraph = stores.Graph
FakePairs = stores.Pairs
FakeHandshakes = stores.Handshakes
FakePendingConnections = stores.PendingConnections
FakeProfiles = stores.Profiles
FakeProviderUsers = stores.ProviderUsers
FakeVault = stores.Vault


def track(title: str, artist: str = "The Lanterns", *, duration: int = 200, **more: Any) -> Track:
    given = {"track_id": f"id-{title}", **more}
    return Track(title=title, artists=(artist,), duration=duration, **given)


def play(
    title: str,
    at: int,
    *,
    provider: str = "spotify",
    precision: Precision = Precision.EXACT,
    duration: int = 200,
) -> Play:
    return Play(provider, track(title, duration=duration), at, precision)


def connection(owner: Owner = ANNA, provider: str = "spotify", **more: Any) -> Connection:
    given: dict[str, Any] = {
        "sealed_grant": FakeVault().seal(owner, provider, Grant("fake-access-token-1"), now=0),
        "status": Status.ACTIVE,
        "connected_at": NOON - DAY,
        "status_since": NOON - DAY,
        **more,
    }
    return Connection(owner=owner, provider=provider, **given)


@dataclass
class FakeConnections:
    rows: dict[tuple[Owner, str], Connection] = field(default_factory=dict)
    fails: TopkError | None = None

    def get_many(self, keys: Iterable[tuple[Owner, str]]) -> list[Connection]:
        if self.fails:
            raise self.fails
        return [self.rows[key] for key in keys if key in self.rows]

    def of_owner(self, owner: Owner, *, consistent: bool = False) -> list[Connection]:
        return [row for (of, _), row in sorted(self.rows.items()) if of == owner]

    def begin_of_owner(self, owner: Owner) -> Callable[[], list[Connection]]:
        return partial(self.of_owner, owner)

    def put(self, connection: Connection) -> None:
        counted = replace(connection, version=connection.version + 1)
        self.rows[connection.owner, connection.provider] = counted

    def update(self, connection: Connection) -> Connection:
        key = (connection.owner, connection.provider)
        if key not in self.rows or self.rows[key].version != connection.version:
            raise ConflictError("connection")
        self.rows[key] = replace(
            connection,
            version=connection.version + 1,
            viewed_at=self.rows[key].viewed_at,
            much_followed=self.rows[key].much_followed,
        )
        return self.rows[key]

    def ask_for_view(self, connection: Connection, *, now: int, not_since: int) -> None:
        key = (connection.owner, connection.provider)
        if key not in self.rows or self.rows[key].viewed_at > not_since:
            raise ConflictError("view")
        self.rows[key] = replace(self.rows[key], viewed_at=now)

    def note_followers(self, connection: Connection, *, much_followed: bool) -> None:
        key = (connection.owner, connection.provider)
        if key not in self.rows:
            raise ConflictError("followers")
        self.rows[key] = replace(self.rows[key], much_followed=much_followed)

    def delete(self, owner: Owner, provider: str) -> None:
        self.rows.pop((owner, provider), None)


@dataclass
class FakeTimetable:
    rows: set[Entry] = field(default_factory=set)
    marks: dict[int, int] = field(default_factory=dict)
    leases: dict[int, tuple[str, int]] = field(default_factory=dict)
    censuses: dict[int, Census] = field(default_factory=dict)

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.remove([entry])
            self.rows.add(entry)

    def remove(self, entries: Iterable[Entry]) -> None:
        gone = {_place(entry) for entry in entries}
        self.rows = {row for row in self.rows if _place(row) not in gone}

    def in_slot(self, minute: int, shard: int) -> Iterator[Entry]:
        yield from (row for row in self.rows if (row.minute, row.shard) == (minute, shard))

    def shards(self, count: int) -> list[Shard]:
        return [
            Shard(one, self.marks.get(one), self.leases.get(one, ("", 0))[1], self._census(one))
            for one in range(count)
        ]

    def lease(self, shard: int, holder: str, *, now: int, until: int) -> Shard:
        if self.leases.get(shard, ("", 0))[1] > now:
            raise ConflictError("lease")
        self.leases[shard] = (holder, until)
        return Shard(shard, self.marks.get(shard), until, self._census(shard))

    def advance(self, shard: int, holder: str, *, through: int, until: int, census: Census) -> None:
        self._move(shard, holder, through, census)
        self.leases[shard] = (holder, until)

    def release(self, shard: int, holder: str, *, through: int | None, census: Census) -> None:
        self._move(shard, holder, through, census)
        del self.leases[shard]

    def _census(self, shard: int) -> Census:
        return deepcopy(self.censuses.get(shard, Census()))

    def _move(self, shard: int, holder: str, through: int | None, census: Census) -> None:
        if self.leases.get(shard, ("", 0))[0] != holder:
            raise ConflictError("lease")
        if through is not None:
            if self.marks.get(shard, -1) >= through:
                raise ConflictError("watermark")
            self.marks[shard] = through
            self.censuses[shard] = deepcopy(census)


def _place(entry: Entry) -> tuple[int, int, str, str]:
    return entry.minute, entry.shard, entry.owner_key, entry.provider


@dataclass
class FakeTopLists(stores.TopLists):
    writes: int = 0

    def put(self, owner: Owner, found: TopList, *, replacing: int) -> None:
        super().put(owner, found, replacing=replacing)
        self.writes += 1


@dataclass
class FakePlays:
    """`read` are the spans that were read."""

    chunks: list[Chunk] = field(default_factory=list)
    fails: TopkError | None = None
    read: list[tuple[int, int | None]] = field(default_factory=list)
    marks: list[tuple[Owner, Deletion]] = field(default_factory=list)
    beside: stores.Plays = field(default_factory=stores.Plays)
    """Corrections and names of hidden songs."""

    def append(self, chunks: Iterable[Chunk]) -> None:
        if self.fails:
            raise self.fails
        self.chunks += chunks

    def since(self, owner: Owner, moment: int, *, until: int | None = None) -> list[Brought]:
        if self.fails:
            raise self.fails
        self.read.append((moment, until))
        marks = Deletions(mark for of, mark in self.marks if of == owner)
        return [
            (chunk.fetched_at, tuple(one for one in chunk.plays if not marks.cover(one)))
            for chunk in self.chunks
            if chunk.owner == owner
            and not chunk.compacted
            and moment <= chunk.fetched_at
            and (until is None or chunk.fetched_at < until)
        ]

    def begin_history(self, owner: Owner, moment: int) -> Callable[[], History]:
        beside = self.beside.begin_history(owner, moment)
        return lambda: replace(beside(), brought=self.since(owner, moment))

    def corrections(self, owner: Owner) -> list[Corrected]:
        return self.beside.corrections(owner)

    def correct(self, owner: Owner, one: Corrected, *, replacing: Iterable[Corrected] = ()) -> None:
        self.beside.correct(owner, one, replacing=replacing)

    def hidden(self, owner: Owner) -> list[SongMark]:
        return self.beside.hidden(owner)

    def name_hidden(self, owner: Owner, songs: Iterable[SongMark], *, now: int) -> None:
        self.beside.name_hidden(owner, songs, now=now)

    def forget_hidden(self, owner: Owner, names: Collection[str]) -> None:
        self.beside.forget_hidden(owner, names)

    def mark(self, owner: Owner, deletion: Deletion) -> None:
        self.marks.append((owner, deletion))

    def deletions(self, owner: Owner) -> list[Deletion]:
        return [mark for of, mark in self.marks if of == owner]

    def unmark(self, owner: Owner, deletions: Iterable[Deletion]) -> None:
        gone = {(owner, one) for one in deletions}
        self.marks = [one for one in self.marks if one not in gone]

    def begin_long_history(
        self, owner: Owner, moment: int, *, recent: int
    ) -> Callable[[], History]:
        beside = self.begin_history(owner, recent)
        record = self._record(owner)
        record.kept = self.beside.kept
        long = record.begin_long_history(owner, moment, recent=recent)
        return lambda: replace(beside(), brought=long().brought)

    def all(self, owner: Owner) -> list[Brought]:
        self.since(owner, 0)
        return self._record(owner).all(owner)

    def compact(self, owner: Owner, brought: Iterable[Brought], *, through: int) -> None:
        self.append(compacted(owner, brought, through=through))

    def note_compacted(self, owner: Owner, *, through: int) -> None:
        self.beside.note_compacted(owner, through=through)

    def compacted_through(self, owner: Owner) -> int:
        return self._record(owner).compacted_through(owner)

    def _record(self, owner: Owner) -> stores.Plays:
        record = stores.Plays()
        record.marks[owner] = [mark for of, mark in self.marks if of == owner]
        record.append(chunk for chunk in self.chunks if chunk.owner == owner)
        return record

    def purge(self, owner: Owner, *, since: int = 0) -> int:
        record = self._record(owner)
        purged = record.purge(owner, since=since)
        self.chunks = [chunk for chunk in self.chunks if chunk.owner != owner]
        self.chunks += record.chunks[owner]
        return purged

    def erase(self, owner: Owner) -> Iterator[int]:
        self.chunks = [chunk for chunk in self.chunks if chunk.owner != owner]
        self.marks = [one for one in self.marks if one[0] != owner]
        yield from self.beside.erase(owner)


@dataclass
class FakeQueues:
    sent: list[tuple[CrawlJob, int]] = field(default_factory=list)
    dead_lettered: list[tuple[str, str, str]] = field(default_factory=list)

    def parse(self, body: str, *, provider: str) -> CrawlJob:
        return CrawlQueues(None, queues={}, dead_letters={}).parse(body, provider=provider)

    def send(self, jobs: Iterable[CrawlJob], *, delay: int = 0) -> None:
        self.sent += [(job, delay) for job in jobs]

    def dead_letter(self, provider: str, body: str, *, reason: str) -> None:
        self.dead_lettered.append((provider, body, reason))


@dataclass
class FakeProvider:
    """Shows `plays`; `troubles` are raised by the next fetches, one each, None for none."""

    name: str = "spotify"
    plays: tuple[Play, ...] = ()
    troubles: list[TopkError | None] = field(default_factory=list)
    refresh_trouble: TopkError | None = None
    rotates: bool = False
    resume_after: int | None = None
    fill: float = 0.0
    account: str = ""
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(50, Precision.END))
    refreshed: int = 0
    fetched_with: list[str] = field(default_factory=list)
    revoked: list[Grant] = field(default_factory=list)
    answers: list[Mapping[str, str]] = field(default_factory=list)

    def authorize_url(self, authorization: Authorization) -> str:
        return f"https://provider.example/authorize?state={authorization.state}"

    async def complete(
        self, authorization: Authorization, answer: Mapping[str, str], *, now: int
    ) -> Grant:
        self.answers.append(answer)
        if self.troubles and (trouble := self.troubles.pop(0)):
            raise trouble
        ends = now + 90 * DAY
        refresh = "fake-refresh-token-1"
        return Grant("fake-access-token-1", refresh, now + 3600, ends, account=self.account)

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        if self.refresh_trouble:
            raise self.refresh_trouble
        self.refreshed += 1
        refresh = (
            f"fake-refresh-token-{self.refreshed + 1}" if self.rotates else grant.refresh_token
        )
        return Grant(f"fake-access-token-{self.refreshed + 1}", refresh, now + 3600)

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        self.fetched_with.append(grant.access_token)
        if self.troubles and (trouble := self.troubles.pop(0)):
            raise trouble
        checkpoint = f"{checkpoint}+"
        return Fetched(self.plays, checkpoint, now, resume_after=self.resume_after, fill=self.fill)

    async def revoke(self, grant: Grant) -> None:
        self.revoked.append(grant)
