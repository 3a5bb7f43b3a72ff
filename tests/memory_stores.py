"""Tables in memory that keep the promises of the use cases' ports."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import msgspec

from topk.domain.account.connection import Connection, Grant
from topk.domain.account.edge import Edge, EdgeChange
from topk.domain.account.following import FollowRequest, Pair
from topk.domain.account.handshake import Handshake, hash_of
from topk.domain.account.pending_connection import PendingConnection
from topk.domain.account.person import NOBODY, Person
from topk.domain.account.personal_token import SHOWN_USE_SECONDS, PersonalToken
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk, compacted, remaining
from topk.domain.crawl.timetable import Entry
from topk.domain.errors import ConflictError, HandshakeError, NotVisibleError, SealError
from topk.domain.imports.history_import import HistoryImport
from topk.domain.limits import MOST_HIDDEN_PROVIDERS, MOST_HIDDEN_SONGS, REQUEST_SECONDS
from topk.domain.owner import Owner
from topk.domain.play import Brought, Play
from topk.domain.play_log import Corrected, History, standing
from topk.domain.privacy.deletion import Deletion, Deletions
from topk.domain.privacy.erasure import Erasure, Progress
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Relation
from topk.domain.song.marks import SongMark
from topk.domain.toplist.feed_order import FeedOrder
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.view import Reader, View
from topk.stores.tables.visible_lists import Heads


@dataclass
class Connections:
    rows: dict[Owner, dict[str, Connection]] = field(default_factory=lambda: defaultdict(dict))

    def get_many(self, keys: Iterable[tuple[Owner, str]]) -> list[Connection]:
        return [
            self.rows[owner][provider] for owner, provider in keys if provider in self.rows[owner]
        ]

    def of_owner(self, owner: Owner, *, consistent: bool = False) -> list[Connection]:
        return [row for _, row in sorted(self.rows[owner].items())]

    def begin_of_owner(self, owner: Owner) -> Callable[[], list[Connection]]:
        return partial(self.of_owner, owner)

    def put(self, connection: Connection) -> None:
        counted = replace(connection, version=connection.version + 1)
        self.rows[connection.owner][connection.provider] = counted

    def update(self, connection: Connection) -> Connection:
        row = self.rows[connection.owner].get(connection.provider)
        if row is None or row.version != connection.version:
            raise ConflictError("connection")
        counted = replace(
            connection,
            version=connection.version + 1,
            viewed_at=row.viewed_at,
            much_followed=row.much_followed,
        )
        self.rows[connection.owner][connection.provider] = counted
        return counted

    def ask_for_view(self, connection: Connection, *, now: int, not_since: int) -> None:
        rows = self.rows[connection.owner]
        row = rows.get(connection.provider)
        if row is None or row.viewed_at > not_since:
            raise ConflictError("view")
        rows[connection.provider] = replace(row, viewed_at=now)

    def note_followers(self, connection: Connection, *, much_followed: bool) -> None:
        rows = self.rows[connection.owner]
        if connection.provider not in rows:
            raise ConflictError("followers")
        row = rows[connection.provider]
        rows[connection.provider] = replace(row, much_followed=much_followed)

    def delete(self, owner: Owner, provider: str) -> None:
        self.rows[owner].pop(provider, None)


@dataclass
class Timetable:
    rows: dict[tuple[int, int], dict[tuple[str, str], Entry]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def add(self, entries: Iterable[Entry]) -> None:
        for one in entries:
            self.rows[one.minute, one.shard][one.owner_key, one.provider] = one

    def remove(self, entries: Iterable[Entry]) -> None:
        for one in entries:
            self.rows[one.minute, one.shard].pop((one.owner_key, one.provider), None)

    def in_slot(self, minute: int, shard: int) -> Iterator[Entry]:
        yield from [entry for _, entry in sorted(self.rows[minute, shard].items())]


@dataclass
class Plays:
    chunks: dict[Owner, list[Chunk]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[Owner, list[Deletion]] = field(default_factory=lambda: defaultdict(list))
    corrected: dict[Owner, list[Corrected]] = field(default_factory=lambda: defaultdict(list))
    named: dict[Owner, list[SongMark]] = field(default_factory=lambda: defaultdict(list))
    kept: dict[Owner, int] = field(default_factory=dict)

    def append(self, chunks: Iterable[Chunk]) -> None:
        for chunk in chunks:
            self.chunks[chunk.owner].append(chunk)

    def since(self, owner: Owner, moment: int, *, until: int | None = None) -> list[Brought]:
        marks = Deletions(self.marks[owner])
        return [
            (chunk.fetched_at, _kept(chunk, marks).plays)
            for chunk in self.chunks[owner]
            if moment <= chunk.fetched_at and (until is None or chunk.fetched_at < until)
            if not chunk.compacted
        ]

    def all(self, owner: Owner) -> list[Brought]:
        return [*self._compacted(owner, 0), *self.since(owner, 0)]

    def _compacted(self, owner: Owner, moment: int) -> list[Brought]:
        marks = Deletions(self.marks[owner])
        return [
            (chunk.fetched_at, _kept(chunk, marks).plays)
            for chunk in self.chunks[owner]
            if chunk.compacted and chunk.fetched_at >= moment
        ]

    def begin_history(self, owner: Owner, moment: int) -> Callable[[], History]:
        return lambda: History(
            self.since(owner, moment),
            standing(self.corrected[owner]),
            [*self.named[owner]],
            compacted_through=self.kept.get(owner, 0),
        )

    def begin_long_history(
        self, owner: Owner, moment: int, *, recent: int
    ) -> Callable[[], History]:
        def history() -> History:
            found = self.begin_history(owner, recent)()
            earlier = self.since(owner, max(found.compacted_through, moment), until=recent)
            brought = [*self._compacted(owner, moment), *earlier, *found.brought]
            return replace(found, brought=brought)

        return history

    def compact(self, owner: Owner, brought: Iterable[Brought], *, through: int) -> None:
        known = self.chunks[owner]
        known += [one for one in compacted(owner, brought, through=through) if one not in known]

    def note_compacted(self, owner: Owner, *, through: int) -> None:
        self.kept[owner] = through

    def compacted_through(self, owner: Owner) -> int:
        latest = (chunk.fetched_at for chunk in self.chunks[owner] if chunk.compacted)
        return max(latest, default=0)

    def corrections(self, owner: Owner) -> list[Corrected]:
        return [*self.corrected[owner]]

    def correct(self, owner: Owner, one: Corrected, *, replacing: Iterable[Corrected] = ()) -> None:
        gone = list(replacing)
        self.corrected[owner] = [row for row in self.corrected[owner] if row not in gone] + [one]

    def hidden(self, owner: Owner) -> list[SongMark]:
        return [*self.named[owner]]

    def name_hidden(self, owner: Owner, songs: Iterable[SongMark], *, now: int) -> None:
        self.named[owner] += songs

    def forget_hidden(self, owner: Owner, names: Collection[str]) -> None:
        left = [one for one in self.named[owner] if one.current().isdisjoint(names)]
        self.named[owner] = left

    def mark(self, owner: Owner, deletion: Deletion) -> None:
        self.marks[owner].append(deletion)

    def deletions(self, owner: Owner) -> list[Deletion]:
        return [*self.marks[owner]]

    def unmark(self, owner: Owner, deletions: Iterable[Deletion]) -> None:
        gone = set(deletions)
        self.marks[owner] = [one for one in self.marks[owner] if one not in gone]

    def purge(self, owner: Owner, *, since: int = 0) -> int:
        marks = Deletions(self.marks[owner])
        before = self.chunks[owner]
        self.chunks[owner] = [
            chunk if chunk.fetched_at < since else kept
            for chunk in before
            if chunk.fetched_at < since or (kept := _kept(chunk, marks)).plays
        ]
        return sum(one not in self.chunks[owner] for one in before)

    def take_out(self, owner: Owner, unwanted: Callable[[Play], bool], *, since: int) -> int:
        before = self.chunks[owner]
        self.chunks[owner] = [
            kept
            for chunk in before
            if (kept := _without(chunk, unwanted) if chunk.fetched_at >= since else chunk).plays
        ]
        return sum(one not in self.chunks[owner] for one in before)

    def erase(self, owner: Owner) -> Iterator[int]:
        self.chunks.pop(owner, None)
        for kept in (self.marks, self.corrected, self.named):
            kept.pop(owner, None)
        yield 1


def _without(chunk: Chunk, unwanted: Callable[[Play], bool]) -> Chunk:
    kept = tuple(play for play in chunk.plays if not unwanted(play))
    return chunk if len(kept) == len(chunk.plays) else remaining(chunk, kept)


def _kept(chunk: Chunk, marks: Deletions) -> Chunk:
    kept = tuple(play for play in chunk.plays if not marks.cover(play))
    return chunk if kept == chunk.plays else remaining(chunk, kept)


@dataclass
class TopLists:
    rows: dict[Owner, tuple[TopList, int]] = field(default_factory=dict)

    def get(self, owner: Owner) -> tuple[TopList | None, int]:
        return self.rows.get(owner, (None, 0))

    def get_many(self, owners: Sequence[Owner]) -> Mapping[Owner, tuple[TopList, int]]:
        found = {owner: self.get(owner) for owner in owners}
        return {owner: (one, version) for owner, (one, version) in found.items() if one}

    def put(self, owner: Owner, found: TopList, *, replacing: int) -> None:
        if self.get(owner)[1] != replacing:
            raise ConflictError("top list")
        self.rows[owner] = (found, replacing + 1)

    def begin_put(self, owner: Owner, found: TopList, *, replacing: int) -> Callable[[], None]:
        return partial(self.put, owner, found, replacing=replacing)

    def erase(self, owner: Owner) -> Iterator[int]:
        self.rows.pop(owner, None)
        yield 1


@dataclass
class Imports:
    rows: dict[tuple[Owner, str], HistoryImport] = field(default_factory=dict)

    def put(self, one: HistoryImport) -> None:
        self.rows[one.owner, one.import_id] = one

    def get(self, owner: Owner, import_id: str) -> HistoryImport | None:
        return self.rows.get((owner, import_id))

    def of_owner(self, owner: Owner, *, now: int) -> list[HistoryImport]:
        found = [one for one in self.rows.values() if one.owner == owner and one.expires_at > now]
        return sorted(found, key=lambda one: (one.created_at, one.import_id), reverse=True)

    def update(self, one: HistoryImport) -> HistoryImport:
        known = self.get(one.owner, one.import_id)
        if known is None or known.version != one.version:
            raise ConflictError("import")
        following = replace(one, version=one.version + 1)
        self.rows[one.owner, one.import_id] = following
        return following


@dataclass
class Profiles:
    rows: dict[Owner, Profile] = field(default_factory=dict)

    def get(self, owner: Owner) -> Profile | None:
        return self.rows.get(owner)

    def get_many(self, owners: Sequence[Owner]) -> Mapping[Owner, Profile]:
        found = {owner: self.get(owner) for owner in owners}
        return {owner: one for owner, one in found.items() if one}

    def put(self, owner: Owner, chosen: Profile) -> None:
        self._change(owner)
        self.rows[owner] = chosen

    def hide(self, owner: Owner, names: Hidden) -> None:
        known = self.rows.setdefault(owner, Profile()).hidden
        hidden = Hidden(known.songs | names.songs, known.providers | names.providers)
        if len(hidden.songs) > MOST_HIDDEN_SONGS or len(hidden.providers) > MOST_HIDDEN_PROVIDERS:
            raise ConflictError("write profile")
        self.rows[owner] = replace(self.rows[owner], hidden=hidden)

    def unhide(self, owner: Owner, names: Hidden) -> None:
        known = self.rows.setdefault(owner, Profile()).hidden
        hidden = Hidden(known.songs - names.songs, known.providers - names.providers)
        self.rows[owner] = replace(self.rows[owner], hidden=hidden)

    def note_announced(self, owner: Owner) -> None:
        self.rows[owner] = replace(self._change(owner), announcing=False)

    def create(self, owner: Owner) -> None:
        self.rows[owner] = self._change(owner)

    def person(self, owner: Owner) -> Person:
        return self.rows.get(owner, Profile()).person

    def put_person(self, owner: Owner, person: Person) -> None:
        """Unlike the table, it makes a profile."""
        self.rows[owner] = replace(self._change(owner), person=person)

    def note_deletion(self, owner: Owner, *, now: int) -> None:
        self.rows[owner] = replace(self._change(owner), plays_deleted_at=now)

    def note_block(self, owner: Owner, *, now: int) -> None:
        """The fakes keep no blocks elsewhere."""

    def note_export(self, owner: Owner, *, now: int, not_since: int) -> None:
        found = self.rows.get(owner, Profile())
        if found.erasing or found.exported_at > not_since:
            raise ConflictError("note export")
        if owner in self.rows:
            self.rows[owner] = replace(found, exported_at=now)

    def mark_erasing(self, owner: Owner, receipt: str) -> str:
        found = self.rows.get(owner, Profile())
        self.rows[owner] = replace(found, erasing=found.erasing or receipt)
        return self.rows[owner].erasing

    def erase(self, owner: Owner, receipt: str) -> None:
        if self.rows.get(owner, Profile()).erasing == receipt:
            del self.rows[owner]

    def _change(self, owner: Owner) -> Profile:
        found = self.rows.get(owner, Profile())
        if found.erasing:
            raise NotVisibleError("profile")
        return found

    def count_followers(self, owner: Owner, by: int) -> None:
        """Part of the graph's transaction."""
        if known := self.rows.get(owner):
            self.rows[owner] = replace(known, followers=known.followers + by)


@dataclass
class ProviderUsers:
    rows: dict[tuple[str, str], frozenset[Owner]] = field(default_factory=dict)

    def add(self, provider: str, external_user: str, owner: Owner) -> None:
        key = (provider, external_user)
        self.rows[key] = self.rows.get(key, frozenset()) | {owner}

    def remove(self, provider: str, external_user: str, owner: Owner) -> None:
        left = self.rows.pop((provider, external_user), frozenset()) - {owner}
        if left:
            self.rows[provider, external_user] = left

    def accounts(self, owner: Owner, provider: str) -> list[str]:
        return [user for (name, user), of in self.rows.items() if name == provider and owner in of]

    def owners(
        self, provider: str, external_users: Iterable[str]
    ) -> Mapping[str, frozenset[Owner]]:
        return {
            user: self.rows[provider, user]
            for user in external_users
            if (provider, user) in self.rows
        }


@dataclass
class Edges:
    rows: set[tuple[Owner, Owner]] = field(default_factory=set)

    def add(self, owner: Owner, other: Owner) -> bool:
        fresh = (owner, other) not in self.rows
        self.rows.add((owner, other))
        return fresh

    def remove(self, owner: Owner, other: Owner) -> bool:
        known = (owner, other) in self.rows
        self.rows.discard((owner, other))
        return known

    def page(
        self, owner: Owner, *, after: str | None, limit: int
    ) -> tuple[list[Owner], str | None]:
        others = sorted(b for a, b in self.rows if a == owner and b.user > (after or ""))
        more = len(others) > limit
        return others[:limit], others[limit - 1].user if more else None

    def page_to(
        self, owner: Owner, *, after: str | None, limit: int
    ) -> tuple[list[Owner], str | None]:
        others = sorted(a for a, b in self.rows if b == owner and a.user > (after or ""))
        more = len(others) > limit
        return others[:limit], others[limit - 1].user if more else None

    def erase(self, owner: Owner) -> Iterator[int]:
        self.rows = {edge for edge in self.rows if owner not in edge}
        yield 1


@dataclass
class Graph:
    """`agreed` has the edges of `follows` on which users agreed; the host app set the others."""

    follows: Edges
    profiles: Profiles
    agreed: dict[Edge, int] = field(default_factory=dict)

    def present(self, edges: Iterable[Edge]) -> Mapping[Edge, int | None]:
        rows = self.follows.rows
        return {
            edge: self.agreed.get(edge) for edge in edges if (edge.follower, edge.followed) in rows
        }

    def apply(self, changes: Sequence[EdgeChange]) -> None:
        edges = {change.edge for change in changes}
        if len(edges) < len(changes) or not all(map(self._possible, changes)):
            raise ConflictError("edges")
        for change in changes:
            edge = change.edge
            self.agreed.pop(edge, None)
            if change.agreed_at is not None and change.follows:
                self.agreed[edge] = change.agreed_at
            if not change.takes_over:
                act = self.follows.add if change.follows else self.follows.remove
                act(edge.follower, edge.followed)
                self.profiles.count_followers(edge.followed, 1 if change.follows else -1)

    def _possible(self, change: EdgeChange) -> bool:
        present = self.present([change.edge])
        if change.takes_over:
            return present.get(change.edge) is not None
        if change.follows:
            return not present
        return bool(present) and change.agreed_at in {None, present[change.edge]}


@dataclass
class FollowRequests:
    rows: dict[Edge, FollowRequest] = field(default_factory=dict)

    def ask(self, edge: Edge, *, now: int) -> None:
        known = self.get(edge, now)
        self.rows[edge] = replace(known or FollowRequest(edge, now), withdrawn=False)

    def withdraw(self, edge: Edge) -> None:
        if edge in self.rows and self.rows[edge].declined:
            self.rows[edge] = replace(self.rows[edge], withdrawn=True)
        else:
            self.rows.pop(edge, None)

    def decline(self, edge: Edge) -> None:
        if edge in self.rows:
            self.rows[edge] = replace(self.rows[edge], declined=True)

    def remove(self, edge: Edge) -> None:
        self.rows.pop(edge, None)

    def get(self, edge: Edge, now: int) -> FollowRequest | None:
        found = self.rows.get(edge)
        return found if found and found.asked_at + REQUEST_SECONDS > now else None

    def sent(self, owner: Owner, *, now: int) -> list[FollowRequest]:
        found = [self.get(edge, now) for edge in self.rows if edge.follower == owner]
        return [one for one in found if one]

    def received(
        self, owner: Owner, *, after: str | None, limit: int
    ) -> tuple[list[Owner], str | None]:
        asked = {(edge.follower, edge.followed) for edge in self.rows}
        return Edges(asked).page_to(owner, after=after, limit=limit)

    def erase(self, owner: Owner) -> Iterator[int]:
        self.rows = {
            edge: one
            for edge, one in self.rows.items()
            if owner not in {edge.follower, edge.followed}
        }
        yield 1


@dataclass
class Pairs:
    graph: Graph
    requests: FollowRequests
    blocks: Edges

    def of(self, edges: Sequence[Edge], *, now: int) -> list[Pair]:
        return [self._pair(edge, now) for edge in edges]

    def _pair(self, edge: Edge, now: int) -> Pair:
        one, other = edge.follower, edge.followed
        present = self.graph.present([edge])
        return Pair(
            edge,
            profile=self.graph.profiles.get(other),
            follows=bool(present),
            agreed_at=present.get(edge),
            blocked=not {(one, other), (other, one)}.isdisjoint(self.blocks.rows),
            request=self.requests.get(edge, now),
        )


@dataclass
class VisibleLists:
    profiles: Profiles
    top_lists: TopLists
    follows: Edges
    blocks: Edges

    orders: dict[Owner, FeedOrder] = field(default_factory=dict)

    def reader(self, owner: Owner) -> Reader:
        found = self.profiles.get(owner)
        return Reader(found, self.orders.get(owner), found.person if found else NOBODY)

    def put(self, reader: Owner, order: FeedOrder) -> None:
        """As FeedOrders."""
        self.orders[reader] = order

    def of_followed(
        self, viewer: Owner, owners: Sequence[Owner], _heads: object = None, *, now: int
    ) -> list[View]:
        return self.views(viewer, owners, now=now)

    def views(
        self, viewer: Owner | None, owners: Sequence[Owner], *, now: int | None = None
    ) -> list[View]:
        return [
            View(
                owner,
                self._relation(viewer, owner) if viewer else Relation(),
                self.profiles.get(owner),
                self.top_lists.get(owner)[0],
            )
            for owner in owners
        ]

    def crowd(
        self, viewer: Owner | None, owners: Sequence[Owner], *, now: int | None = None
    ) -> list[View]:
        return self.views(viewer, owners)

    def heads(self, owners: Sequence[Owner], *, now: int) -> Heads:
        lists = ((owner, self.top_lists.get(owner)[0]) for owner in owners)
        return Heads({owner: found.latest for owner, found in lists if found and found.latest}, {})

    def _relation(self, viewer: Owner, owner: Owner) -> Relation:
        return Relation(
            is_self=owner == viewer,
            follows=(viewer, owner) in self.follows.rows,
            blocked=not {(owner, viewer), (viewer, owner)}.isdisjoint(self.blocks.rows),
        )


@dataclass
class Handshakes:
    rows: dict[str, Handshake] = field(default_factory=dict)

    def put(self, handshake: Handshake) -> None:
        self.rows[handshake.state_hash] = handshake

    def peek(self, state: str, *, now: int) -> Handshake:
        found = self.rows.get(hash_of(state))
        if found is None or found.expires_at <= now:
            raise HandshakeError("state")
        return found

    def take(self, state: str, *, now: int) -> Handshake:
        found = self.peek(state, now=now)
        del self.rows[hash_of(state)]
        return found

    def of_owner(self, owner: Owner) -> list[Handshake]:
        return [one for one in self.rows.values() if one.owner == owner]

    def erase(self, owner: Owner) -> Iterator[int]:
        self.rows = {key: one for key, one in self.rows.items() if one.owner != owner}
        yield 1


@dataclass
class Erasures:
    rows: dict[tuple[str, str], Erasure] = field(default_factory=dict)

    def begin(self, tenant: str, receipt: str, *, now: int) -> None:
        self.rows.setdefault((tenant, receipt), Erasure(receipt, Progress.RUNNING, now))

    def finish(self, tenant: str, receipt: str, *, now: int) -> None:
        found = self.rows[tenant, receipt]
        self.rows[tenant, receipt] = replace(found, progress=Progress.DONE, done_at=now)


@dataclass
class PendingConnections:
    rows: dict[str, PendingConnection] = field(default_factory=dict)

    def put(self, pending: PendingConnection) -> None:
        self.rows[pending.confirmation_hash] = pending

    def peek(self, confirmation: str) -> PendingConnection:
        found = self.rows.get(hash_of(confirmation))
        if found is None:
            raise HandshakeError("confirmation")
        return found

    def take(self, confirmation: str) -> PendingConnection:
        found = self.peek(confirmation)
        del self.rows[hash_of(confirmation)]
        return found

    def erase(self, owner: Owner) -> Iterator[int]:
        self.rows = {key: one for key, one in self.rows.items() if one.owner != owner}
        yield 1


@dataclass
class PersonalTokens:
    rows: dict[str, PersonalToken] = field(default_factory=dict)

    def put(self, token: PersonalToken) -> None:
        self.rows[token.token_hash] = token

    def get(self, token_hash: str) -> PersonalToken | None:
        return self.rows.get(token_hash)

    def of_owner(self, owner: Owner) -> list[PersonalToken]:
        found = (one for one in self.rows.values() if one.owner == owner)
        return sorted(found, key=lambda one: (one.created_at, one.token_hash))

    def delete(self, token_hash: str, owner: Owner) -> bool:
        found = self.rows.get(token_hash)
        if found is None or found.owner != owner:
            return False
        del self.rows[token_hash]
        return True

    def note_use(self, token_hash: str, *, now: int) -> None:
        found = self.rows.get(token_hash)
        if found and found.last_used_at <= now - SHOWN_USE_SECONDS:
            self.rows[token_hash] = replace(found, last_used_at=now)

    def note_import(self, token_hash: str, *, latest: int) -> None:
        found = self.rows.get(token_hash)
        if found and found.latest_import < latest:
            self.rows[token_hash] = replace(found, latest_import=latest)

    def erase(self, owner: Owner) -> Iterator[int]:
        self.rows = {key: one for key, one in self.rows.items() if one.owner != owner}
        yield 1


class Vault:
    """Seals by saying in the open whose it is: enough where nothing leaves the process."""

    def seal(self, owner: Owner, provider: str, grant: Grant, *, now: int) -> str:
        return msgspec.json.encode((owner.key, provider, grant)).decode()

    def open(self, owner: Owner, provider: str, sealed: str) -> Grant:
        try:
            key, name, grant = msgspec.json.decode(sealed, type=tuple[str, str, Grant])
        except msgspec.DecodeError as error:
            raise SealError("not sealed here") from error
        if (key, name) != (owner.key, provider):
            raise SealError("sealed for another owner or provider")
        return grant
