"""All the world looks at one owner: through the edge, the processes' memory, and the table.

Processes are instances of the product's own `VisibleLists`, on tables in memory. Of the calls of a
second only the first few of each process can read something, since the time of a request has whole
seconds: the others are counted, and the last that is made proves it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from cli.studies.metering.run import BEGIN
from cli.studies.metering.service import MeteredService, metered_service
from simulator.metering.popularity import DAY_SECONDS
from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.top_list import TopList
from topk.runtime.caching import EDGE_SECONDS
from topk.stores.dynamodb.models import BlockModel, ProfileModel, bind
from topk.stores.graph.edges import Edges
from topk.stores.tables.popular_lists import LIST_SECONDS
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.stores.tables.visible_lists import VisibleLists

CELEBRITY = Owner("harbor", "celebrity")
FOLLOWERS = 10_000_000
BLOCKERS = 1_000
"""Users who have blocked the celebrity."""
CALLS = 3
"""Of each process in each second, of those that are made."""
OVERHEAD_MS = 1.0
"""What an environment is busy beside the function, for each invocation."""
EDGE_CACHES = 1
"""That ask the API: all edges ask Origin Shield (infra_cdk/edge/distribution.py)."""
LIMIT = 100
_TABLES = ("top_lists", "profiles", "follows", "blocks")


@dataclass(frozen=True, slots=True)
class Crowd:
    """Requests a second: `asked` of the edge, `passed` on to the processes, and items read from
    tables (`reads` on average, `peak` in the busiest second).
    """

    name: str
    asked: float
    passed: float
    environments: int
    reads: float
    peak: int


def signed_in(
    rate: int, *, seconds: int, cpu_ms: float, seed: int, on_step: Callable[[str], None]
) -> Crowd:
    """Viewers with tokens: the edge keeps nothing for them. `cpu_ms` is the CPU time of a read."""
    on_step(STEPS[0])
    environments = round(rate * (cpu_ms + OVERHEAD_MS) / 1000)
    with metered_service(users=2, seed=seed, begin=BEGIN) as metered:
        counts = list(_each_second(metered, environments, seconds, Random(seed)))  # noqa: S311
    measured = counts[LIST_SECONDS:]
    return Crowd(
        "signed in", rate, rate, environments, sum(measured) / len(measured), max(measured)
    )


def anonymous(rate: int) -> Crowd:
    """Viewers without tokens: the edge asks once for each lifetime of a response."""
    passed = EDGE_CACHES / EDGE_SECONDS
    return Crowd("anonymous", rate, passed, 1, 2 * passed, 2)


STEPS = ("Signed in",)


def _each_second(
    metered: MeteredService, environments: int, seconds: int, dice: Random
) -> Iterator[int]:
    """Items read in each second. Processes start at different times, as environments do."""
    client = bind({name: name for name in _TABLES}, region="us-east-1").client
    _move_in()
    processes = [(VisibleLists(client), dice.randrange(LIST_SECONDS)) for _ in range(environments)]
    viewers = 0
    noon = BEGIN + DAY_SECONDS // 2
    for second in range(LIST_SECONDS + seconds):
        metered.meter.used.clear()
        for process, starts in processes:
            if second < starts:
                continue
            for call in range(CALLS):
                before = _items(metered)
                viewers += 1
                viewer = Owner(CELEBRITY.tenant, f"viewer-{viewers}")
                (view,) = process.views(viewer, [CELEBRITY], now=noon + second)
                assert view.allowed
                assert call < CALLS - 1 or second == starts or _items(metered) == before
        yield _items(metered)


def _items(metered: MeteredService) -> int:
    return sum(one.items for one in metered.meter.used.values())


def _move_in() -> None:
    Profiles().put(CELEBRITY, Profile(Visibility.PUBLIC))
    ProfileModel(CELEBRITY.key).update(actions=[ProfileModel.followers.set(FOLLOWERS)])
    today = datetime.fromtimestamp(BEGIN, UTC).date()
    found = TopList((), today, "UTC", Completeness(), Past())
    TopLists().put(CELEBRITY, found, replacing=0)
    for number in range(BLOCKERS):
        Edges(BlockModel).add(Owner(CELEBRITY.tenant, f"blocker-{number}"), CELEBRITY)
