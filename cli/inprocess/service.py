"""The service in one process: the use cases, as the functions call them, on tables in memory."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from cli.inprocess import stores
from cli.inprocess.message_queues import MessageQueues, Parcel
from cli.inprocess.virtual_time import Agenda
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.provider import Provider
from topk.domain.crawl.timetable import DAILY, Grid
from topk.domain.owner import Owner
from topk.stores.queues.crawl_queues import CrawlQueues
from topk.usecases.accounts.confirm_connection import confirm_connection
from topk.usecases.accounts.receive_grant import Returned, receive_grant
from topk.usecases.crawling.crawl import Outcomes, crawl
from topk.usecases.crawling.dispatch_due import dispatch_due
from topk.usecases.crawling.route_messages import Delivery, Message, receive_crawls, settle_crawls
from topk.usecases.lists.aggregate import aggregate
from topk.usecases.lists.read_list import Refreshing, Shown, read_list

AT_ONCE = 50
SECONDS_EACH = 20.0
STREAM_SECONDS = 2
"""From a chunk's being written to the arrival of its stream record."""

Crawled = Callable[[Outcomes, int], None]


@dataclass
class Tables:
    connections: stores.Connections = field(default_factory=stores.Connections)
    timetable: stores.Timetable = field(default_factory=stores.Timetable)
    plays: stores.Plays = field(default_factory=stores.Plays)
    top_lists: stores.TopLists = field(default_factory=stores.TopLists)
    profiles: stores.Profiles = field(default_factory=stores.Profiles)
    provider_users: stores.ProviderUsers = field(default_factory=stores.ProviderUsers)
    follows: stores.Edges = field(default_factory=stores.Edges)
    blocks: stores.Edges = field(default_factory=stores.Edges)
    handshakes: stores.Handshakes = field(default_factory=stores.Handshakes)
    pending: stores.PendingConnections = field(default_factory=stores.PendingConnections)
    vault: stores.Vault = field(default_factory=stores.Vault)


class Service:
    """`crawled` is told what became of each batch of crawls, and when (epoch seconds)."""

    def __init__(
        self,
        agenda: Agenda,
        runner: asyncio.Runner,
        providers: Mapping[str, Provider],
        *,
        grid: Grid,
        bounds: Bounds,
        max_attempts: int,
        crawled: Crawled,
    ) -> None:
        self.tables = Tables()
        self.providers = providers
        self.grid = grid
        self._agenda = agenda
        self._runner = runner
        self._bounds = bounds
        self._max_attempts = max_attempts
        self._crawled = crawled
        self._ids = count(1)
        self._sqs = MessageQueues(agenda, self._deliver)
        names = {name: name for name in providers}
        self._queues = CrawlQueues(self._sqs, queues=names, dead_letters=names)

    @property
    def now(self) -> int:
        return self._agenda.now

    @property
    def buried(self) -> Sequence[tuple[str, str]]:
        """Messages that were given up, each with its reason."""
        return self._sqs.dead

    def tick(self) -> int:
        """The schedule fires; returns how many crawls were due."""
        return dispatch_due(
            self._agenda.now,
            grid=self.grid,
            timetable=self.tables.timetable,
            queues=self._queues,
            time_left=lambda: True,
            new_correlation=self._new_id,
        )

    def come_back(
        self, provider: str, answer: Mapping[str, str], new_secret: Callable[[], str]
    ) -> Returned:
        """The browser is back from `provider`. Raises HandshakeError as the use case does."""
        return self._runner.run(
            receive_grant(
                provider,
                answer,
                provider=lambda _tenant, name: self.providers[name],
                handshakes=self.tables.handshakes,
                pending=self.tables.pending,
                vault=self.tables.vault,
                new_secret=new_secret,
                now=self._agenda.now,
            )
        )

    def confirm(self, owner: Owner, provider: str, confirmation: str) -> None:
        """The user of the host app confirms. Raises HandshakeError as the use case does."""
        tables = self.tables
        self._runner.run(
            confirm_connection(
                owner,
                self.providers[provider],
                confirmation,
                pending=tables.pending,
                connections=tables.connections,
                profiles=tables.profiles,
                provider_users=tables.provider_users,
                timetable=tables.timetable,
                queues=self._queues,
                vault=tables.vault,
                grid=self.grid,
                cadence=DAILY,
                most_connections=len(self.providers),
                correlation=self._new_id(),
                now=self._agenda.now,
            )
        )

    def read(self, viewer: Owner, owner: Owner) -> Shown:
        """The list of `owner` as `viewer` is shown it. Raises NotVisibleError."""
        tables = self.tables
        return read_list(
            viewer,
            owner,
            audience=stores.Audience(
                tables.profiles, tables.top_lists, tables.follows, tables.blocks
            ),
            refreshing=Refreshing(tables.plays, tables.connections, tables.top_lists),
            now=self._agenda.now,
        )

    def _deliver(self, provider: str, parcels: Sequence[Parcel]) -> list[str]:
        now = self._agenda.now
        messages = [
            Message(parcel.receipt, parcel.receipt, parcel.body, parcel.attempt, provider)
            for parcel in parcels
        ]
        deliveries = list(
            receive_crawls(
                messages, queues=self._queues, connections=self.tables.connections, now=now
            )
        )
        outcomes = self._runner.run(self._crawl(deliveries, now))
        self._crawled(outcomes, now)
        self._stream(owner for (owner, _), outcome in outcomes.items() if outcome.plays)
        return settle_crawls(
            deliveries, outcomes, queues=self._queues, max_attempts=self._max_attempts, now=now
        )

    async def _crawl(self, deliveries: Iterable[Delivery], now: int) -> Outcomes:
        tables = self.tables
        return await crawl(
            [delivery.job for delivery in deliveries],
            connections=tables.connections,
            timetable=tables.timetable,
            plays=tables.plays,
            vault=tables.vault,
            provider=lambda _tenant, name: self.providers[name],
            bounds=lambda _: self._bounds,
            grid=self.grid,
            new_id=self._new_id,
            at_once=AT_ONCE,
            seconds_each=SECONDS_EACH,
            now=now,
        )

    def _stream(self, owners: Iterable[Owner]) -> None:
        """The stream brings each owner's new chunks a moment later."""
        fetched_at, arrived = self._agenda.now, list(owners)

        def arrive() -> None:
            for owner in arrived:
                self._aggregate(owner, fetched_at)

        self._agenda.put(fetched_at + STREAM_SECONDS, arrive)

    def _aggregate(self, owner: Owner, now: int) -> None:
        tables = self.tables
        aggregate(
            owner,
            plays=tables.plays,
            connections=tables.connections,
            profiles=tables.profiles,
            top_lists=tables.top_lists,
            now=now,
        )

    def _new_id(self) -> str:
        return f"{next(self._ids):012}"
