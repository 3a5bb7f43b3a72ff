"""Checks that a crawl and a read cost the same whether their users are of one tenant or of many.

Users in groups of three follow each other. The groups are all of one tenant, or of one each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.studies.metering.service import MeteredService, metered_service
from cli.studies.tenancy.declared import with_tenants
from simulator.metering.meter import Line, Used
from topk.domain.owner import Owner

LISTENERS = 30
GROUP = 3
TOLERANCE = 0.1
BEGIN = 1_793_145_600
"""2026-10-28T00:00:00Z"""
_DAY = 86_400
_SETTLED_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Cost:
    """Capacity units and requests to AWS of one crawl with its list, and of one profile read."""

    tenants: int
    crawl_write: float
    crawl_read: float
    crawl_requests: float
    read: float
    read_requests: float


def costs(tenants: int, *, seed: int) -> list[Cost]:
    """With one tenant, and with `tenants`."""
    return [_cost(number, seed) for number in (1, tenants)]


def same(found: Sequence[Cost]) -> bool:
    """Whether all figures are within a tenth of those with one tenant."""
    first, *others = found
    names = ("crawl_write", "crawl_read", "crawl_requests", "read", "read_requests")
    return all(
        abs(getattr(one, name) - getattr(first, name)) <= TOLERANCE * getattr(first, name)
        for one in others
        for name in names
    )


def _cost(tenants: int, seed: int) -> Cost:
    """Of one day, and then of a read of each user's current list by a follower."""
    declared = with_tenants(f"tenant_{number}" for number in range(tenants))
    with metered_service(users=LISTENERS, seed=seed, begin=BEGIN, declared=declared) as metered:
        owners = _settle(metered, tenants)
        metered.meter.used.clear()
        metered.tally.due.clear()
        metered.service.schedule.fire(BEGIN + _DAY, BEGIN + _DAY + 1)
        metered.service.run(BEGIN + _DAY + _SETTLED_SECONDS)
        crawled, crawls = dict(metered.meter.used), sum(metered.tally.due.values())
        _read(metered, owners)
        metered.meter.used.clear()
        _read(metered, owners)
        return Cost(
            tenants,
            *(_of(crawled, name) / crawls for name in ("write", "read", "requests")),
            *(_of(metered.meter.used, name) / len(owners) for name in ("read", "requests")),
        )


def _of(used: Mapping[Line, Used], name: str) -> float:
    return float(sum(getattr(one, name) for one in used.values()))


def _read(metered: MeteredService, follows: Mapping[Owner, Owner]) -> None:
    for owner, followed in follows.items():
        metered.call("read", "GET", "/v1/users/{user_id}/top", owner, user_id=followed.user)


def _settle(metered: MeteredService, tenants: int) -> dict[Owner, Owner]:
    """Connects and crawls everybody; returns who each follows."""
    people = metered.world.lever("GET", "listeners")
    owners = [
        Owner(f"tenant_{number // GROUP % tenants}", f"{person['user']}.{person['tenant']}")
        for number, person in enumerate(people)
    ]
    for owner, person in zip(owners, people, strict=True):
        for provider, account in person["accounts"].items():
            metered.connect(owner, provider, account)
    follows = {}
    for number, owner in enumerate(owners):
        begin = number - number % GROUP
        follows[owner] = owners[begin + (number + 1 - begin) % GROUP]
        metered.follow(owner, [follows[owner].user])
    metered.service.run(BEGIN + _DAY - 1)
    return follows
