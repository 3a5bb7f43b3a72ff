"""One tenant calls the API a hundred times as often as usual: what the others notice.

The deployed read function runs in virtual time on AWS in memory, with the latencies of AWS, a
fiftieth of an account's concurrent executions, and cold starts. Requests arrive at random.
"""

import io
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from cli.in_memory.api import Api
from cli.in_memory.conditions import Conditions
from cli.in_memory.environment import environment
from cli.in_memory.installed import clear, furnish, installed
from cli.in_memory.lambdas import Lambdas
from cli.in_memory.process import Process
from cli.in_memory.trace import Trace
from cli.local_stack.table_definitions import table_definitions
from cli.studies.tenancy.declared import with_tenants
from cli.studies.tenancy.report import LATE, SECONDS
from infra_cdk.config import Deployment
from infra_cdk.tenant import Limits
from simulator.aws.account import Aws
from simulator.aws.calls import Answer, Call, Hook, Perform
from simulator.aws.latency import Latencies
from simulator.listeners.dice import Dice
from simulator.scheduler import Scheduler
from simulator.virtual_time import VirtualClock
from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import Window
from topk.stores.dynamodb.models import FollowModel
from topk.stores.graph.edges import Edges
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists

BEGIN = 1_793_000_000
CONCURRENCY = 20
"""A fiftieth of the concurrent executions that an account has by default:
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""
OTHERS_PER_SECOND = 190.0
BUSY_PER_SECOND = 20.0
"""Requests of all the other tenants together, and of the one, before it is busy."""
TIMES = 100
WARM_UP_SECONDS = 10
COLD_START_SECONDS = 0.3
CPU_SECONDS = 0.002
REFUSAL_CPU_SECONDS = 0.0005
"""Of a read and of a refusal, the runtime's included (docs/figures.md measures the function's)."""
BUSY = "busy"
FOLLOWED, FOLLOWER = "anna", "ben"


@dataclass(frozen=True, slots=True)
class Found:
    """Latencies are in seconds. `answered` and `refused` are requests of the busy tenant a second,
    `failed` those of the others that were not answered.
    """

    times: int
    limit: int
    others: int
    others_p50: float
    others_p99: float
    failed: int
    answered: float
    refused: float
    most_at_once: int
    counted: float
    """Writes in the buckets' table, as a share of the answered requests."""
    round_trips: float
    """Other calls of AWS for each answered request."""


@dataclass(slots=True)
class _Seen:
    others: list[float] = field(default_factory=list)
    failed: int = 0
    answered: int = 0
    refused: int = 0
    running: int = 0
    warm: int = 0
    most: int = 0
    writes: int = 0
    calls: int = 0
    reads: int = 0


def run(*, times: int, limit: int, tenants: int = 1000, seed: int = 7) -> Found:
    """A tenant sends `times` as much as usual. `limit` is each tenant's, or 0 for none."""
    limits = Limits(requests_per_second=limit or None)
    names = (BUSY, *(f"tenant_{number}" for number in range(tenants - 1)))
    declared = with_tenants(names, limits)
    clock = VirtualClock(BEGIN)
    scheduler = Scheduler(clock)
    seen = _Seen()
    with _api(declared, clock, scheduler, seen) as api:
        dice = Dice("busy", seed)
        _send(api, scheduler, seen, dice, OTHERS_PER_SECOND, lambda: dice.pick(names[1:]), BEGIN)
        _send(api, scheduler, seen, dice, BUSY_PER_SECOND, lambda: BUSY, BEGIN)
        more = BUSY_PER_SECOND * (times - 1)
        if more:
            _send(api, scheduler, seen, dice, more, lambda: BUSY, BEGIN + WARM_UP_SECONDS)
        scheduler.run(BEGIN + WARM_UP_SECONDS + SECONDS + 30)
    spans = sorted(seen.others)
    return Found(
        times=times,
        limit=limit,
        others=len(spans),
        others_p50=_percentile(spans, 0.5),
        others_p99=_percentile(spans, 0.99),
        failed=seen.failed,
        answered=seen.answered / SECONDS,
        refused=seen.refused / SECONDS,
        most_at_once=seen.most,
        counted=seen.writes / seen.reads,
        round_trips=seen.calls / seen.reads,
    )


def _send(
    api: Api,
    scheduler: Scheduler,
    seen: _Seen,
    dice: Dice,
    per_second: float,
    tenant: Callable[[], str],
    begin: float,
) -> None:
    """Puts requests at exponentially distributed intervals until the run ends."""
    moment = float(begin)
    while (moment := moment - math.log(1 - dice.fraction()) / per_second) < (
        BEGIN + WARM_UP_SECONDS + SECONDS
    ):
        name, counts = tenant(), moment >= BEGIN + WARM_UP_SECONDS
        scheduler.put(moment, _request(api, scheduler, seen, name, counts=counts))


def _request(
    api: Api, scheduler: Scheduler, seen: _Seen, tenant: str, *, counts: bool
) -> Callable[[], None]:
    def call() -> None:
        begun = scheduler.now
        status = _status(api, scheduler, seen, tenant)
        if counts:
            _note(seen, tenant, status, scheduler.now - begun)

    return lambda: scheduler.spawn(call)


def _status(api: Api, scheduler: Scheduler, seen: _Seen, tenant: str) -> int:
    if seen.running >= CONCURRENCY:
        return 503
    seen.running += 1
    seen.most = max(seen.most, seen.running)
    try:
        if seen.running > seen.warm:
            seen.warm = seen.running
            scheduler.pause(COLD_START_SECONDS)
        path = "/v1/users/{user_id}/top"
        answer = api.call("read", "GET", path, Owner(tenant, FOLLOWER), user_id=FOLLOWED)
        status = int(answer["statusCode"])
        seen.reads += status == 200
        scheduler.pause(REFUSAL_CPU_SECONDS if status == 429 else CPU_SECONDS)
        return status
    finally:
        seen.running -= 1


def _note(seen: _Seen, tenant: str, status: int, seconds: float) -> None:
    if tenant == BUSY:
        seen.answered += status == 200
        seen.refused += status == 429
        return
    seen.failed += status != 200
    seen.others.append(seconds if status == 200 else LATE)


def _percentile(spans: list[float], share: float) -> float:
    return spans[min(len(spans) - 1, int(share * len(spans)))]


@contextmanager
def _api(
    declared: Deployment, clock: VirtualClock, scheduler: Scheduler, seen: _Seen
) -> Iterator[Api]:
    """The API. In each tenant one user follows another, who has a list."""
    dice = Dice("busy latencies")
    latencies = Latencies(dice, scheduler.pause)
    aws = Aws(clock.now, hooks=[latencies, _counter(seen)], start=scheduler.start)
    for definition in table_definitions():
        aws.dynamodb.create_table(definition)

    def make(process: Process) -> object:
        parts = furnish(process, clock.now)
        parts.settings.limit.below = lambda below: dice.whole(0, below - 1)
        return parts

    lambdas = Lambdas(scheduler, Conditions(), Trace(kept=False), make, clear)
    with TemporaryDirectory() as folder:
        given = environment(declared, Path(folder))
        carrier = httpx2.MockTransport(lambda _: httpx2.Response(500))
        with installed(given, aws.client, carrier, io.StringIO(), clock.now):
            _fill(declared.stage.tenants)
            seen.calls = 0
            try:
                yield Api(lambdas, declared.stage.tenants, clock.now)
            finally:
                scheduler.close()
                lambdas.close()


def _fill(tenants: Mapping[str, object]) -> None:
    today = Window.current(BEGIN).as_of
    song = RankedSong("a" * 16, "Dawn", ("The Lanterns",), (), 12, BEGIN, "", "", ("spotify",))
    found = TopList((song,), today, "UTC", Completeness(), Past())
    for name in tenants:
        TopLists().put(Owner(name, FOLLOWED), found, replacing=0)
        Profiles().put(Owner(name, FOLLOWED), Profile())
        Edges(FollowModel).add(Owner(name, FOLLOWER), Owner(name, FOLLOWED))


def _counter(seen: _Seen) -> Hook:
    def count(call: Call, perform: Perform) -> Answer:
        of_rates = call.request.get("TableName") == "tenant_rates"
        seen.writes += of_rates
        seen.calls += not of_rates
        return perform()

    return count
