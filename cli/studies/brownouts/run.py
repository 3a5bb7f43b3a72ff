"""Crawls and lists while each AWS service fails for a quarter of an hour, in virtual time.

The deployed functions run on AWS in memory with its latencies. Around each outage all connections
are crawled once, evenly spread, so that an outage hits as many messages as at full scale for its
length. What is hidden or late is counted in seconds of arrivals and scaled to full scale.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import httpx2

from cli.failure import CommandFailedError
from cli.in_memory.api import BrowserTransport
from cli.in_memory.consent import connected
from cli.in_memory.scenery import scenery
from cli.in_memory.service import BATCH, Service
from cli.in_memory.world import SimulatedWorld, declared_on_aws, deployment
from infra_cdk.pipelines.aggregation import WINDOW_SECONDS
from simulator.aws.calls import Answer, Call, Perform
from simulator.aws.errors import AwsError
from simulator.aws.latency import Latencies
from simulator.listeners.dice import Dice
from simulator.listeners.population import STREAMING
from simulator.scheduler import Scheduler
from simulator.virtual_time import VirtualClock, VirtualLoop
from topk.domain.crawl.job import CrawlJob
from topk.domain.owner import Owner
from topk.stores.queues.crawl_queues import CrawlQueues
from topk.stores.tables.connections import Connections

BEGIN = 1_793_000_000
HOUR = 3600
OUTAGE_SECONDS = 900
OUTAGES: Mapping[str, tuple[str, ...]] = {
    "Connections": ("dynamodb connections",),
    "Plays": ("dynamodb plays",),
    "TopLists": ("dynamodb top_lists",),
    "ProviderBudgets": ("dynamodb provider_budgets",),
    "SQS": ("sqs",),
    "KMS": ("kms",),
    "S3": ("s3",),
}
"""What fails together, one after the other: services, and single tables of DynamoDB."""
STEPS = ("connect", *OUTAGES)
CRAWLED = ("spotify", "apple_music")
"""Those that can be crawled again after minutes; an account is exported from YouTube once a day."""
_CODES: Mapping[str, str] = {
    "dynamodb": "InternalServerError",
    "sqs": "ServiceUnavailable",
    "kms": "KMSInternalException",
    "s3": "SlowDown",
}
_FAILS_AFTER_SECONDS = 5.0
"""From a call to its failure, the client's retries included."""
_EVERY = 5
"""Seconds between two samples."""
_SETTLED = 3 * HOUR
"""From the beginning of one outage to that of the next."""
_CAUGHT_UP_SECONDS = 60
CRAWLS_PER_SECOND = 270
"""Of a large provider at full scale: a third of 70M a day."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the outage of that `name` did. Times are in seconds.

    `hidden_seconds` is the largest number of hidden messages, in seconds of arrivals; `in_flight`
    the messages in flight of a large provider's queue that follow, at full scale. `lag` is the
    greatest age of a record of the stream, `behind` the time from the end of the outage until it
    was below a minute.
    """

    name: str
    crawls: int
    hidden_seconds: float
    in_flight: int
    lag: float
    behind: float
    dead_letters: int
    dropped: int
    missed: int


class SlowCalls:
    """A hook: once it has a scheduler, calls take as long as on AWS, and those to a service fail
    during its outage. SQS still delivers messages meanwhile.
    """

    def __init__(self) -> None:
        self._scheduler: Scheduler | None = None
        self._latencies: Latencies | None = None
        self._begins: dict[str, float] = {}

    def start(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._latencies = Latencies(Dice("brownouts"), scheduler.pause)

    def fail(self, names: Iterable[str], begin: float) -> None:
        self._begins |= dict.fromkeys(names, begin)

    def __call__(self, call: Call, perform: Perform) -> Answer:
        if self._scheduler is None or self._latencies is None:
            return perform()
        if any(self._fails(name) for name in _names(call)):
            self._scheduler.pause(_FAILS_AFTER_SECONDS)
            raise AwsError(_CODES[call.service])
        return self._latencies(call, perform)

    def _fails(self, name: str) -> bool:
        begin = self._begins.get(name)
        now = self._scheduler.now if self._scheduler else 0.0
        return begin is not None and begin <= now < begin + OUTAGE_SECONDS


def _names(call: Call) -> Iterator[str]:
    """As in OUTAGES, of all that the call uses."""
    yield call.service
    if call.service == "dynamodb":
        tables = [call.request.get("TableName"), *call.request.get("RequestItems", ())]
        yield from (f"dynamodb {table}" for table in tables)


def run(
    *,
    users: int,
    seed: int,
    on_step: Callable[[str], None],
    outages: Mapping[str, Iterable[str]] = OUTAGES,
) -> Iterator[Found]:
    """All `outages`, one after the other. Raises CommandFailedError."""
    clock, calls = VirtualClock(BEGIN), SlowCalls()
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        found = scenery(users, seed, deployment(), clock, runner, providers=STREAMING)
        with Service(found, deployment(), clock, hooks=[calls]) as service:
            on_step(STEPS[0])
            jobs = _connect(service, found.simulated)
            service.scheduler.run(BEGIN + HOUR)
            calls.start(service.scheduler)
            for shard in service.cloud.shards:
                shard.gathers = (WINDOW_SECONDS, WINDOW_SECONDS)
            for number, (name, failing) in enumerate(outages.items()):
                on_step(name)
                begin = BEGIN + 2 * HOUR + number * _SETTLED
                calls.fail(failing, begin)
                yield _outage(service, name, begin, jobs)


def _connect(service: Service, world: SimulatedWorld) -> list[tuple[Owner, str]]:
    made = []
    for person in world.lever("GET", "listeners"):
        owner = Owner(str(person["tenant"]), str(person["user"]))
        for provider, account in person["accounts"].items():
            with httpx2.Client(transport=BrowserTransport(world, service.api)) as http:
                if not connected(service.api, http, owner, provider, account):
                    raise CommandFailedError(f"{owner.key} at {provider}: not connected")
            if provider in CRAWLED:
                made.append((owner, provider))
    return made


def _outage(service: Service, name: str, begin: float, jobs: list[tuple[Owner, str]]) -> Found:
    scheduler, cloud = service.scheduler, service.cloud
    span = OUTAGE_SECONDS
    for at, (owner, provider) in enumerate(jobs):
        moment = begin + span * at / len(jobs)
        scheduler.put(moment, _put(service, owner, provider, int(moment)))
    hidden, lag, late_until = 0, 0.0, begin
    dead = _dead_letters(service)
    dropped = sum(len(shard.given_up) for shard in cloud.shards)
    while scheduler.now < begin + _SETTLED - HOUR:
        scheduler.run(max(scheduler.now, begin) + _EVERY)
        hidden = max(hidden, sum(source.hidden for source in cloud.sources.values()))
        now_lag = max(shard.lag for shard in cloud.shards)
        lag = max(lag, now_lag)
        if now_lag > _CAUGHT_UP_SECONDS:
            late_until = scheduler.now
    hidden_seconds = hidden / (len(jobs) / span)
    return Found(
        name=name,
        crawls=len(jobs),
        hidden_seconds=hidden_seconds,
        in_flight=round(CRAWLS_PER_SECOND * hidden_seconds) + _processed_at_once(),
        lag=lag,
        behind=max(late_until - begin - span, 0.0),
        dead_letters=_dead_letters(service) - dead,
        dropped=sum(len(shard.given_up) for shard in cloud.shards) - dropped,
        missed=_missed(jobs, int(begin)),
    )


def _put(service: Service, owner: Owner, provider: str, moment: int) -> Callable[[], None]:
    class _Sender:
        """Puts messages on the queues from outside, whatever fails inside."""

        def begin(self, _operation: str, request: Mapping[str, list[dict[str, str]]]) -> object:
            for entry in request["Entries"]:
                service.cloud.aws.sqs.put(provider, entry["MessageBody"])
            return dict

    def put() -> None:
        job = CrawlJob(owner, provider, moment, "due", "brownout")
        CrawlQueues(_Sender(), queues={provider: provider}, dead_letters={}).send([job])

    return put


def _processed_at_once() -> int:
    """The most messages of a large provider's queue that invocations process at once."""
    return declared_on_aws("production").max_concurrency("spotify") * BATCH


def _dead_letters(service: Service) -> int:
    sources = service.cloud.sources.values()
    return sum(len(one.queue.dead_letters.messages) for one in sources if one.queue.dead_letters)


def _missed(jobs: list[tuple[Owner, str]], since: int) -> int:
    """Connections that were not crawled since then."""
    found = {(one.owner, one.provider): one for one in Connections().get_many(jobs)}
    return sum(key not in found or found[key].crawled_through < since for key in jobs)
