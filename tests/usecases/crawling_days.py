"""Days of crawling in virtual time: queues, the crawl function's four steps, and providers.

Each second, what is visible of a provider's queue is crawled in batches. A provider answers, limits
or fails as `behaves` says, and every request to it is noted.
"""

import asyncio
import heapq
import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from tests.fake_budgets import FakeProviderBudgets
from tests.fakes import (
    FakeConnections,
    FakePlays,
    FakeProvider,
    FakeTimetable,
    FakeVault,
    connection,
)
from topk.domain.account.connection import Grant
from topk.domain.crawl.breaker import State
from topk.domain.crawl.budget import Budget
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.provider import Fetched
from topk.domain.crawl.timetable import Grid
from topk.domain.errors import TopkError
from topk.domain.owner import Owner
from topk.stores.queues.crawl_queues import CrawlQueues
from topk.usecases.crawling.admit_crawls import admit_crawls
from topk.usecases.crawling.crawl import CrawlPorts, crawl
from topk.usecases.crawling.route_messages import Message, receive_crawls, route_messages
from topk.usecases.crawling.update_breakers import update_breakers

BATCH = 50

Behaviour = Callable[[str, int], TopkError | None]
"""The outcome of a request with that access token at that time."""


class _Watched(FakeProvider):
    def __init__(self, name: str, world: "CrawlingDays") -> None:
        super().__init__(name)
        self.world = world

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        self.world.requests[self.name].append(now)
        behaves = self.world.behaves.get(self.name)
        if behaves and (trouble := behaves(grant.access_token, now)):
            raise trouble
        self.world.crawled[self.name, grant.access_token].append(now)
        return Fetched((), "after", now)


@dataclass
class CrawlingDays:
    budgets_of: dict[str, Budget]
    behaves: dict[str, Behaviour] = field(default_factory=dict)
    budgets: FakeProviderBudgets = field(default_factory=FakeProviderBudgets)
    connections: FakeConnections = field(default_factory=FakeConnections)
    requests: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By provider: the time of each request."""
    crawled: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    """By provider and access token (the user's name): times of successful crawls."""
    dead_lettered: list[str] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    """Messages sent per correlation id: one for each hop of a job."""
    _now: int = 0
    _agenda: list[tuple[int, int, Message]] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.close()

    def connect(self, user: str, provider: str) -> None:
        owner = Owner("harbor", user)
        sealed = FakeVault().seal(owner, provider, Grant(user), now=0)
        self.connections.put(connection(owner, provider, sealed_grant=sealed))

    def ask(self, user: str, provider: str, at: int, reason: str = "due") -> None:
        """Queues a job at time `at`."""
        self._now = at - 1
        job = CrawlJob(Owner("harbor", user), provider, at, reason, f"{user}-{provider}-{at}")
        self._queues().send([job])

    def run(self) -> None:
        """Runs until every queue is empty."""
        while self._agenda:
            self._now = self._agenda[0][0]
            visible: dict[str, list[Message]] = defaultdict(list)
            while self._agenda and self._agenda[0][0] == self._now:
                message = heapq.heappop(self._agenda)[2]
                visible[message.provider].append(message)
            for messages in visible.values():
                for start in range(0, len(messages), BATCH):
                    self._deliver(messages[start : start + BATCH])

    def _queues(self) -> CrawlQueues:
        names = {name: name for name in self.budgets_of}
        return CrawlQueues(self, queues=names, dead_letters=names)

    def _deliver(self, messages: list[Message]) -> None:
        queues = self._queues()
        now, budgets, budget_of = self._now, self.budgets, self.budgets_of.__getitem__
        deliveries = list(
            receive_crawls(messages, queues=queues, connections=self.connections, now=now)
        )
        admission = admit_crawls(deliveries, budgets=budgets, budget_of=budget_of, now=now)
        crawled = self._runner.run(
            crawl(
                [delivery.job for delivery in admission.admitted],
                CrawlPorts(
                    connections=self.connections,
                    timetable=FakeTimetable(),
                    plays=FakePlays(),
                    vault=FakeVault(),
                    provider=lambda _, name: _Watched(name, self),
                    bounds=lambda _: Bounds(),
                    grid=Grid(),
                    new_id=lambda: "",
                    at_once=BATCH,
                    seconds_each=5,
                ),
                now=now,
                troubled=admission.troubled,
            )
        )
        outcomes = update_breakers(
            admission, crawled, budgets=budgets, budget_of=budget_of, now=now
        )
        route_messages(deliveries, outcomes, queues=queues, max_attempts=5, now=now)

    # What the queues call on SQS.

    def begin(self, _operation: str, call: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        return lambda: self._send(call)

    def _send(self, call: Mapping[str, Any]) -> dict[str, Any]:
        for entry in call["Entries"]:
            self._put(call["QueueUrl"], entry["MessageBody"], self._now + entry["DelaySeconds"] + 1)
        return {}

    def send_message(self, **call: Any) -> None:
        self.dead_lettered.append(call["MessageAttributes"]["reason"]["StringValue"])

    def _put(self, provider: str, body: str, at: int) -> None:
        number = str(next(self._numbers))
        self.sent[json.loads(body)["correlation"]] += 1
        self._later(Message(number, number, body, 1, provider), at)

    def _later(self, message: Message, at: int) -> None:
        heapq.heappush(self._agenda, (at, next(self._numbers), message))

    def is_open(self, provider: str) -> bool:
        found = self.budgets.breakers.get(provider)
        return found is not None and found.state is not State.CLOSED
