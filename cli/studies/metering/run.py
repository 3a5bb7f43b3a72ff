"""A metered run: users connect, days pass, users read; and the consumption of each step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cli.studies.metering.reads import measure_reads
from cli.studies.metering.service import MeteredService, Tally, metered_service
from simulator.metering.meter import Line, Used
from simulator.metering.read_bill import Kind, ReadCost
from topk.domain.owner import Owner

BEGIN = int(datetime(2026, 10, 26, tzinfo=UTC).timestamp())
DAY = 86_400
READS_EACH = 1
FOLLOWED, MANY_FOLLOWED = 80, 200
_SETTLED_SECONDS = 3600
_PROFILE = "/v1/users/{user_id}/top"


@dataclass(frozen=True, slots=True)
class Run:
    """The consumption on the measured `days`, for `connections` of `users`."""

    users: int
    connections: int
    days: int
    used: Mapping[Line, Used]
    heat: Mapping[str, Mapping[str, float]]
    tally: Tally
    reads: Mapping[Kind, ReadCost]
    """Of a reader who follows FOLLOWED users."""
    long_reads: Mapping[Kind, ReadCost]
    """Of one who follows MANY_FOLLOWED."""


def measure(
    *,
    users: int,
    days: int,
    seed: int,
    on_step: Callable[[str], None] = lambda _: None,
    settled: Callable[[MeteredService, int], None] = lambda _, __: None,
) -> Run:
    """All users connect all accounts on an earlier day, which is not metered: first crawls are
    larger. Then `days` days pass, with reads at the end.

    `settled` is called before the first metered day with the number of connections.
    """
    with metered_service(users=users, seed=seed, begin=BEGIN) as metered:
        on_step(steps(days)[0])
        people = metered.world.lever("GET", "listeners")
        connections = _settle(metered, people)
        settled(metered, connections)
        metered.meter.used.clear()
        metered.meter.heat.clear()
        metered.tally = Tally()
        for day in range(1, days + 1):
            on_step(steps(days)[day])
            metered.service.schedule.fire(BEGIN + day * DAY, BEGIN + day * DAY + 1)
            metered.service.run(BEGIN + day * DAY + _SETTLED_SECONDS)
        on_step(steps(days)[-1])
        for person in people:
            _read(metered, person)
        used, heat, tally = dict(metered.meter.used), dict(metered.meter.heat), metered.tally
        metered.tally = Tally()
        listener = Owner(str(people[0]["tenant"]), str(people[0]["user"]))
        reads = [
            measure_reads(metered, listener, followed=count) for count in (FOLLOWED, MANY_FOLLOWED)
        ]
        return Run(users, connections, days, used, heat, tally, *reads)


def steps(days: int) -> list[str]:
    return ["Connect", *(f"Day {day}" for day in range(1, days + 1)), "Read"]


def _settle(metered: MeteredService, people: list[Mapping[str, object]]) -> int:
    connections = 0
    for person in people:
        owner = Owner(str(person["tenant"]), str(person["user"]))
        accounts, follows = person["accounts"], person["follows"]
        assert isinstance(accounts, dict)
        assert isinstance(follows, list)
        for provider, account in accounts.items():
            metered.connect(owner, provider, account)
            connections += 1
        metered.follow(owner, follows)
    metered.service.run(BEGIN + DAY - 1)
    return connections


def _read(metered: MeteredService, person: Mapping[str, object]) -> None:
    """Reads the user's own list, their feed, and the list of one user they follow."""
    owner = Owner(str(person["tenant"]), str(person["user"]))
    metered.call("read", "GET", "/v1/me/top", owner)
    metered.call("read", "GET", "/v1/me/following/top", owner)
    follows = person["follows"]
    assert isinstance(follows, list)
    for other in follows[:READS_EACH]:
        metered.call("read", "GET", _PROFILE, owner, user_id=other)
