"""AWS in memory as the stack deploys it: tables, queues, secrets, buses, and event sources."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from cli.in_memory.conditions import Conditions
from cli.in_memory.environment import BUCKET, ERASURES, SCROBBLER, dead_letter_queue
from cli.in_memory.lambdas import Lambdas
from cli.in_memory.queue_source import BATCH, QueueSource
from cli.in_memory.stream_source import Shard
from cli.local_stack.table_definitions import table_definitions
from simulator.aws.account import Aws
from simulator.aws.calls import Hook
from simulator.aws.dynamodb.changes import Change, OnChange
from simulator.aws.sqs import Queue
from simulator.scheduler import Scheduler
from topk.domain.owner import Owner
from topk.runtime.settings import STREAM
from topk.stores.codecs.compacted_chunks import is_derived
from topk.stores.tables.top_lists import WINDOW

SHARDS = 2
RECEIVES_BEYOND_ATTEMPTS = 3
"""Same value as infra_cdk/crawling.py."""
ANNOUNCING = ((30.0, 35.0), 1_000_000, 1800)
"""Batching window, retries and longest backoff (seconds). As in infra_cdk/announcing.py: a batching
window of 30 seconds, and retries for a day, which is longer than any bus outage of a run. AWS does
not document Lambda's backoff."""
ERASURE_RECEIVES, ERASURE_VISIBILITY_SECONDS = 100, 1800
"""Same values as infra_cdk/erasing.py."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event on `bus`, as a consumer receives it."""

    bus: str
    kind: str
    detail: Mapping[str, Any]

    @property
    def owner(self) -> Owner:
        return Owner(self.detail["tenant"], self.detail["user_id"])

    @property
    def songs(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.detail.get("songs", ())
        return found


@dataclass(frozen=True, slots=True)
class Announcing:
    """`buses` maps a tenant to its event bus. Faults of buses are drawn from `conditions`.

    `on_event` is called with each event.
    """

    buses: Mapping[str, str]
    conditions: Conditions
    on_event: Callable[[Event], None]


class Cloud:
    """`on_change` is called with every write to a table.

    `lag` is the greatest age of an eventually consistent read (seconds), `batch` the largest number
    of messages in a crawl batch. Without `announcing` no list changes are announced.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        conditions: Conditions,
        *,
        secrets: Mapping[str, Mapping[str, str]],
        max_attempts: int,
        hooks: Sequence[Hook] = (),
        lag: float = 0.0,
        batch: int = BATCH,
        on_change: OnChange = lambda _: None,
        announcing: Announcing | None = None,
    ) -> None:
        self._scheduler, self._conditions, self._batch = scheduler, conditions, batch
        self._on_change, self._announcing = on_change, announcing
        self.logs = io.StringIO()
        self.events: list[Event] = []
        self.aws = Aws(
            lambda: scheduler.now,
            hooks=hooks,
            lag=lag,
            on_change=self._changed,
            on_entry=self._put_on_bus,
        )
        for definition in table_definitions():
            self.aws.dynamodb.create_table(definition)
        self.aws.secrets.secrets.update(secrets)
        self.aws.secrets.secrets[SCROBBLER] = {"key": "fake-scrobbler-secret"}
        self.aws.s3.buckets[BUCKET] = {}
        for name in secrets:
            self._create_queue(name, max_attempts + RECEIVES_BEYOND_ATTEMPTS)
        self._create_queue(ERASURES, ERASURE_RECEIVES)
        self.aws.sqs.create(dead_letter_queue(STREAM))
        self.shards: list[Shard] = []
        """The shards of the plays table, followed by those of the lists table."""
        self.sources: dict[str, QueueSource] = {}
        """The event sources of the crawl queues."""
        self._records = count(1)

    def _create_queue(self, name: str, receives: int) -> None:
        dead_letters = self.aws.sqs.create(dead_letter_queue(name))
        self.aws.sqs.create(name, dead_letters, receives=receives)

    @property
    def queues(self) -> Mapping[str, Queue]:
        return self.aws.sqs.queues

    def connect(self, lambdas: Lambdas) -> None:
        """Starts the event sources that deliver queues and streams to `lambdas`."""
        scheduler, conditions = self._scheduler, self._conditions
        for name, queue in self.queues.items():
            if name == ERASURES:
                QueueSource(
                    queue, scheduler, conditions, lambdas, "erase", 1, ERASURE_VISIBILITY_SECONDS
                )
            elif queue.dead_letters:
                self.sources[name] = QueueSource(
                    queue, scheduler, conditions, lambdas, batch=self._batch
                )
        self.shards += [Shard(scheduler, conditions, lambdas) for _ in range(SHARDS)]
        if self._announcing:
            own = self._announcing.conditions
            self.shards += [
                Shard(scheduler, own, lambdas, "announce", *ANNOUNCING) for _ in range(SHARDS)
            ]

    def _changed(self, change: Change) -> None:
        self._on_change(change)
        if not self.shards:
            return
        if change.table == "plays" and change.event == "INSERT":
            if not is_derived(change.keys["chunk"]["S"]):
                self._shard(change).put(change)
        elif _is_list(change) and change.event in {"INSERT", "MODIFY"}:
            tenant = Owner.parse(change.keys["owner"]["S"]).tenant
            if self._announcing and tenant in self._announcing.buses:
                self._shard(change, SHARDS).put(change)

    def _shard(self, change: Change, first: int = 0) -> Shard:
        partition: str = change.keys["owner"]["S"]
        return self.shards[first + sum(partition.encode()) % SHARDS]

    def _put_on_bus(self, entry: Mapping[str, str]) -> None:
        event = Event(entry["EventBusName"], entry["DetailType"], json.loads(entry["Detail"]))
        self.events.append(event)
        if self._announcing:
            self._announcing.on_event(event)


def _is_list(change: Change) -> bool:
    """As the filter of the stream decides."""
    return change.table == "top_lists" and change.keys["window"]["S"] == WINDOW
