"""The functions as they are deployed, on moto and the simulated world, every request metered.

Days pass in virtual time. Each day has one slot in the timetable, so that batches are as full as
they are where millions are crawled; what a batch costs is then shared as it is at scale.
"""

import asyncio
import io
import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import httpx2

from cli.credentials import generate
from cli.demonstration.browser import Browser
from cli.failure import CommandFailedError
from cli.inprocess.message_queues import MessageQueues, Parcel
from cli.inprocess.virtual_time import Agenda, VirtualClock
from cli.inprocess.world import API_URL, SimulatedWorld, deployment
from cli.metered_run.gateway import Asked, Callbacks, Handler, document, event
from cli.metered_run.tables import MotoTables, on_the_wire
from cli.replay import Context
from cli.sandbox import deployment as sandbox
from functions.account import handler as account
from functions.aggregate import handler as aggregate
from functions.connect import handler as connect
from functions.crawl import handler as crawl
from functions.crawl.wiring import crawling
from functions.dispatch import handler as dispatch
from functions.read import handler as read
from simulator.app import build_world
from simulator.habits import Habits
from simulator.metering.item_size import Item, item_size
from simulator.metering.meter import Meter
from simulator.population import STREAMING
from topk.domain.owner import Owner
from topk.providers.http.transport import Transport
from topk.runtime.observability import logger
from topk.stores.codecs.chunk_format import decode

STREAM_SECONDS = 2
STREAM_BATCH = 100
GRID = {"shards": 1, "slot_minutes": 1440}
PLAYS = "plays"
ITEM_OVERHEAD_BYTES = 100
"""What DynamoDB stores of each item beside it."""


@dataclass
class Tally:
    """What the functions were called for; bytes are of the lines they logged.

    By provider: crawls that fell `due`, `deliveries` of their messages, `chunks` and their `plays`
    and `chunk_bytes`, keys and all.
    """

    invocations: Counter[str] = field(default_factory=Counter)
    log_bytes: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    chunks: Counter[str] = field(default_factory=Counter)
    plays: Counter[str] = field(default_factory=Counter)
    chunk_bytes: Counter[str] = field(default_factory=Counter)


class MeteredService:
    """Made by `metered_service`. `call` is one request of a user; `run` lets time pass."""

    def __init__(self, agenda: Agenda, world: SimulatedWorld, meter: Meter, log: io.StringIO):
        self.agenda = agenda
        self.world = world
        self.meter = meter
        self.tally = Tally()
        self._log = log
        self._queues = MessageQueues(agenda, self._deliver)
        self._arrived: list[dict[str, Any]] = []
        meter.heard = self._hear

    def call(
        self, name: str, handler: Handler, asked: Asked, owner: Owner | None, **given: Any
    ) -> Mapping[str, Any]:
        """The answer of a function behind the API. `name` is what it is metered as."""
        asking = event(asked, now=self.agenda.now, owner=owner, **given)
        return self._invoke(name, handler, asking)

    def connect(self, owner: Owner, provider: str, account_there: str) -> None:
        """Through the provider's consent page. Raises CommandFailedError where that fails."""
        start = Asked("POST", "/v1/connections/{provider}", {"provider": provider})
        begun = document(self.call("connect", connect.lambda_handler, start, owner, body="{}"))
        with httpx2.Client(transport=self._callbacks()) as http:
            landed = Browser(http).consent(begun["authorize_url"], account_there)
        told = parse_qs(urlsplit(landed).query)
        if "confirmation" not in told:
            raise CommandFailedError(f"{owner.key} at {provider}: {landed}")
        path = "/v1/connections/{provider}/confirmation"
        confirmed = json.dumps({"confirmation": told["confirmation"][0]})
        ask = Asked("POST", path, {"provider": provider})
        document(self.call("connect", connect.lambda_handler, ask, owner, body=confirmed))

    def relate(self, owner: Owner, others: Sequence[str]) -> None:
        for other in others:
            asked = Asked("PUT", "/v1/me/following/{user_id}", {"user_id": other})
            document(self.call("account", account.lambda_handler, asked, owner))

    def read(self, kind: str, asked: Asked, owner: Owner) -> Any:
        """The document. Raises CommandFailedError where there is none."""
        return document(self.call(f"read {kind}", read.lambda_handler, asked, owner))

    def tick(self) -> None:
        """The schedule fires."""
        fired = {"time": _utc(self.agenda.now), "detail-type": "Scheduled Event"}
        self._invoke("dispatch", dispatch.lambda_handler, fired)

    def _callbacks(self) -> Callbacks:
        def back(asked: Asked, query: Mapping[str, str], body: str) -> Mapping[str, Any]:
            return self.call("connect", connect.lambda_handler, asked, None, query=query, body=body)

        return Callbacks(API_URL, back, self.world.answer)

    def _hear(self, operation: str, body: Mapping[str, Any]) -> None:
        if operation == "SendMessageBatch":
            if self.meter.of == "dispatch":
                self.tally.due[_provider_of(body["QueueUrl"])] += len(body["Entries"])
            self._queues.send_message_batch(**body)
        elif operation == "BatchWriteItem" and PLAYS in body["RequestItems"]:
            for request in body["RequestItems"][PLAYS]:
                item = request["PutRequest"]["Item"]
                self._count(item)
                self._arrive({name: item[name] for name in ("owner", "chunk")})

    def _count(self, item: Item) -> None:
        provider = item["chunk"]["S"].split("#")[1]
        self.tally.chunks[provider] += 1
        self.tally.plays[provider] += len(decode(b64decode(item["body"]["B"]), provider))
        self.tally.chunk_bytes[provider] += item_size(item) + ITEM_OVERHEAD_BYTES

    def _arrive(self, keys: Mapping[str, Any]) -> None:
        """The stream brings it a moment later, with all that came by then."""
        if not self._arrived:
            self.agenda.put(self.agenda.now + STREAM_SECONDS, self._stream)
        number = f"{len(self._arrived):021}"
        self._arrived.append({"dynamodb": {"Keys": keys, "SequenceNumber": number}})

    def _stream(self) -> None:
        arrived, self._arrived = self._arrived, []
        for start in range(0, len(arrived), STREAM_BATCH):
            batch = arrived[start : start + STREAM_BATCH]
            told = self._invoke("aggregate", aggregate.lambda_handler, {"Records": batch})
            if told["batchItemFailures"]:
                raise CommandFailedError("a list could not be made")

    def _deliver(self, queue: str, parcels: Sequence[Parcel]) -> list[str]:
        provider = _provider_of(queue)
        self.tally.deliveries[provider] += len(parcels)
        batch = {"Records": [self._message(parcel, provider) for parcel in parcels]}
        told = self._invoke(f"crawl {provider}", crawl.lambda_handler, batch)
        return [failed["itemIdentifier"] for failed in told["batchItemFailures"]]

    def _message(self, parcel: Parcel, provider: str) -> dict[str, Any]:
        return {
            "messageId": parcel.receipt,
            "receiptHandle": parcel.receipt,
            "body": parcel.body,
            "attributes": {
                "ApproximateReceiveCount": str(parcel.attempt),
                "ApproximateFirstReceiveTimestamp": str(self.agenda.now * 1000),
            },
            "eventSourceARN": f"arn:aws:sqs:{sandbox.REGION}:123456789012:topk-{provider}",
        }

    def _invoke(self, name: str, handler: Handler, given: dict[str, Any]) -> dict[str, Any]:
        self.meter.of = name
        self.tally.invocations[name] += 1
        self._log.seek(0)
        self._log.truncate()
        with redirect_stdout(self._log):
            answer = handler(given, Context(name.partition(" ")[0]))
        self.tally.log_bytes[name] += len(self._log.getvalue().encode())
        self.meter.of = ""
        return answer


@contextmanager
def metered_service(*, users: int, seed: int, begin: int) -> Iterator[MeteredService]:
    """The service beside a world of `users` listeners, at `begin` (epoch seconds), for a while."""
    clock = VirtualClock(begin)
    application = build_world(
        users,
        seed,
        clock,
        wall=clock.now,
        sleep=_at_once,
        habits=Habits.usual(),
        providers=STREAMING,
    )
    meter, log = Meter(MotoTables()), io.StringIO()
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        world = SimulatedWorld(application, runner)
        stack.enter_context(
            sandbox.deployed(lambda: _environment(world), lambda **_: Transport(world.carrier))
        )
        stack.enter_context(on_the_wire(meter))
        parts = replace(crawling(), clock=clock.now)
        stack.enter_context(patch.object(crawl, "crawling", lambda: parts))
        stack.enter_context(_logged_to(log))
        yield MeteredService(Agenda(clock), world, meter, log)


@contextmanager
def _logged_to(log: io.StringIO) -> Iterator[None]:
    # Not by setStream, which flushes the stream before: that may be one that was closed since.
    with patch.object(logger().registered_handler, "stream", log):
        yield


def _environment(world: SimulatedWorld) -> dict[str, str]:
    declared = deployment()
    providers = {}
    for name in STREAMING:
        given = declared.providers[name]
        kept, known = generate(given.credentials)
        callback = f"{API_URL}/v1/oauth/{name}/callback"
        world.lever("PUT", f"apps/{name}", known | {"redirect_uris": [callback]})
        providers[name] = {
            "secret": sandbox.secret(name, kept),
            "endpoints": given.endpoints,
            "options": given.options,
            "budget": {"requests_per_second": 1_000_000},
        }
    return sandbox.environment(STREAMING, providers) | {
        "TIMETABLE": json.dumps(GRID),
        "PUBLIC_URL": API_URL,
    }


async def _at_once(_seconds: float) -> None:
    """A world whose answers take no time."""


def _provider_of(queue_url: str) -> str:
    return queue_url.rpartition("/topk-")[2]


def _utc(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
