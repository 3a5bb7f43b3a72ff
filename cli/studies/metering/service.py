"""The deployed functions on AWS in memory and the simulated world, with every call metered.

Days pass in virtual time. Each day has one slot in the timetable, so that batches are as full as
with millions of connections, and each crawl's share of a batch is the same as at scale.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import msgspec

from cli.failure import CommandFailedError
from cli.in_memory.api import BrowserTransport
from cli.in_memory.consent import connected
from cli.in_memory.events import json_body
from cli.in_memory.scenery import Scenery, scenery
from cli.in_memory.service import Service
from cli.in_memory.world import deployment
from infra_cdk.config import Deployment
from simulator.aws.calls import Answer, Call, Perform
from simulator.aws.dynamodb.changes import Change
from simulator.aws.dynamodb.item_size import ITEM_OVERHEAD_BYTES, item_size
from simulator.habits import Habits
from simulator.listeners.population import STREAMING
from simulator.metering.meter import Meter
from simulator.virtual_time import VirtualClock, VirtualLoop
from topk.domain.owner import Owner
from topk.stores.codecs.chunk_format import decode
from topk.stores.codecs.compacted_chunks import is_derived

DAY_MINUTES = 1440
PLAYS = "plays"
_KINDS = {
    "GET /v1/me/top": "own",
    "GET /v1/me/following/top": "feed",
    "GET /v1/users/{user_id}/top": "profile",
    "POST /v1/tops": "many",
}


@dataclass
class Tally:
    """Counts of what the functions did; bytes are those of their log lines.

    By provider: crawls that fell `due`, `deliveries` of their messages, `chunks` with their `plays`
    and `chunk_bytes`, including keys.
    """

    invocations: Counter[str] = field(default_factory=Counter)
    log_bytes: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    chunks: Counter[str] = field(default_factory=Counter)
    plays: Counter[str] = field(default_factory=Counter)
    chunk_bytes: Counter[str] = field(default_factory=Counter)


class MeteredService:
    """Made by `metered_service`. Without latency each invocation ends before the next begins."""

    def __init__(self, found: Scenery, clock: VirtualClock, declared: Deployment) -> None:
        self.meter, self.tally = Meter(), Tally()
        self.world = found.simulated
        settings = {
            name: {"options": given.options, "cadence": msgspec.to_builtins(given.cadence)}
            for name, given in declared.providers.items()
        }
        self.service = Service(
            found,
            declared,
            clock,
            settings=settings,
            slot_minutes=DAY_MINUTES,
            hooks=[self.meter, self._note_call],
            on_change=self._note_change,
        )
        self.service.lambdas.around = self._metered

    @property
    def tables(self) -> Any:
        return self.service.cloud.aws.dynamodb.tables

    def connect(self, owner: Owner, provider: str, account: str) -> None:
        """Through the provider's consent page. Raises CommandFailedError if that fails."""
        api = self.service.api
        with httpx2.Client(transport=BrowserTransport(self.world, api)) as http:
            if not connected(api, http, owner, provider, account):
                raise CommandFailedError(f"{owner.key} at {provider}: could not be connected")

    def follow(self, owner: Owner, others: Sequence[str]) -> None:
        if others:
            succeeded(self.service.api.follow(owner, others), f"follows of {owner.key}")

    def call(self, function: str, method: str, path: str, owner: Owner, **parts: Any) -> Any:
        """The parsed response. Raises CommandFailedError for an error response."""
        answer = self.service.api.call(function, method, path, owner, **parts)
        succeeded(answer, f"{method} {path}")
        return json_body(answer) if answer.get("body") else None

    @contextmanager
    def _metered(self, function: str, event: Mapping[str, Any]) -> Iterator[None]:
        name = _label(function, event)
        logs = self.service.cloud.logs
        self.meter.of = name
        self.tally.invocations[name] += 1
        if function == "crawl":
            self.tally.deliveries[_provider_of(event)] += len(event["Records"])
        begin = logs.tell()
        yield
        self.tally.log_bytes[name] += len(logs.getvalue()[begin:].encode())
        logs.seek(0)
        logs.truncate()
        self.meter.of = ""

    def _note_call(self, call: Call, perform: Perform) -> Answer:
        if call.operation == "SendMessageBatch" and self.meter.of == "dispatch":
            self.tally.due[call.request["QueueUrl"]] += len(call.request["Entries"])
        return perform()

    def _note_change(self, change: Change) -> None:
        if change.table != PLAYS or change.event != "INSERT" or change.after is None:
            return
        key = change.after["chunk"]["S"]
        if is_derived(key):
            return
        provider = key.split("#")[1]
        self.tally.chunks[provider] += 1
        self.tally.plays[provider] += len(decode(change.after["body"]["B"], provider))
        self.tally.chunk_bytes[provider] += item_size(change.after) + ITEM_OVERHEAD_BYTES


def succeeded(answer: Mapping[str, Any], what: str) -> None:
    if answer["statusCode"] >= httpx2.codes.BAD_REQUEST:
        raise CommandFailedError(f"{what} answered {answer['statusCode']}: {answer['body']}")


def _label(function: str, event: Mapping[str, Any]) -> str:
    """Crawls are metered by provider, reads by endpoint."""
    if function == "crawl":
        return f"crawl {_provider_of(event)}"
    if function == "read":
        return f"read {_KINDS[event['routeKey']]}"
    return function


def _provider_of(event: Mapping[str, Any]) -> str:
    return str(event["Records"][0]["eventSourceARN"].rpartition(":")[2])


@contextmanager
def metered_service(
    *, users: int, seed: int, begin: int, declared: Deployment | None = None
) -> Iterator[MeteredService]:
    """A context manager: the service with a world of `users` listeners, from `begin` (epoch
    seconds). `declared` replaces what cdk.json declares for the local stage.
    """
    clock, declared = VirtualClock(begin), declared or deployment()
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        found = scenery(
            users,
            seed,
            declared,
            clock,
            runner,
            providers=STREAMING,
            habits=Habits.usual(),
        )
        metered = MeteredService(found, clock, declared)
        with metered.service:
            yield metered
