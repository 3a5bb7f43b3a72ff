"""How long an invocation takes, with AWS that answers at once and with the latency of AWS.

The difference is what waiting for AWS costs, since Lambda bills duration. Providers answer at once.
"""

import itertools
import time
from collections.abc import Callable
from typing import Any

from cli.studies.benchmark import aggregate, crawl, read
from cli.studies.benchmark.days import DAY, FIRST_DAY, NIGHT
from cli.studies.benchmark.measuring import Sample
from cli.studies.benchmark.size import Size
from cli.studies.benchmark.world import TENANT, World
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import FollowModel
from topk.stores.graph.edges import Edges

CRAWLS = 50
LISTS = aggregate.OWNERS_OF_A_BATCH
Prepare = Callable[[], Callable[[], None]]
"""Prepares the next invocation and returns it."""


def measure(world: World, size: Size) -> dict[str, Any]:
    """Milliseconds of one invocation, by operation: `at_once` and `with_latency`."""
    operations: dict[str, Prepare] = {
        "read of one list": _reads(),
        f"batch of {LISTS} lists": _lists(),
        f"batch of {CRAWLS} crawls": _crawls(world),
    }
    found: dict[str, Any] = {}
    for name, prepare in operations.items():
        prepare()()
        at_once = [_elapsed_ms(prepare()) for _ in range(size.days + 1)]
        with_latency = [_waiting_ms(world, prepare()) for _ in range(size.days + 1)]
        found[name] = {"at_once": Sample.of(at_once), "with_latency": Sample.of(with_latency)}
    return found


def _elapsed_ms(invoke: Callable[[], None]) -> float:
    began = time.perf_counter()
    invoke()
    return 1000 * (time.perf_counter() - began)


def _waiting_ms(world: World, invoke: Callable[[], None]) -> float:
    with world.latency():
        return _elapsed_ms(invoke)


def _reads() -> Prepare:
    [owner] = owners = [Owner(TENANT, "waits-read")]
    aggregate.move_in(owners, aggregate.USUAL, until=FIRST_DAY)
    aggregate.aggregate(owners, FIRST_DAY)
    Edges(FollowModel).add(read.VIEWER, owner)
    event = read.event_of("top", FIRST_DAY)
    event["pathParameters"] = {"user_id": owner.user}
    return lambda: lambda: read.read_one(event)


def _lists() -> Prepare:
    """Each invocation is of another day, with new plays."""
    owners = [Owner(TENANT, f"waits-list-{at}") for at in range(LISTS)]
    aggregate.move_in(owners, aggregate.USUAL, until=FIRST_DAY)
    days = itertools.count(FIRST_DAY, DAY)

    def prepare() -> Callable[[], None]:
        since = next(days)
        aggregate.listen(owners, aggregate.USUAL, since=since, until=since + DAY)
        return lambda: aggregate.aggregate(owners, since + DAY)

    return prepare


def _crawls(world: World) -> Prepare:
    """Each invocation is of another day, so that every crawl finds new plays."""
    owners = [Owner(TENANT, f"waits-crawl-{at}") for at in range(CRAWLS)]
    days = itertools.count(FIRST_DAY + NIGHT, DAY)
    crawl.connect(owners, FIRST_DAY + NIGHT)

    @crawl.without_clock()
    def invoke(now: int) -> None:
        crawl.crawl_batch(owners, now)

    def prepare() -> Callable[[], None]:
        now = next(days)
        world.move(now, [owner.user for owner in owners])
        return lambda: invoke(now)

    return prepare
