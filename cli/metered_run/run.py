"""A measured run: everybody connects, days pass, people read; what each of these consumed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cli.metered_run.gateway import Asked
from cli.metered_run.service import MeteredService, Tally, metered_service
from simulator.metering.meter import Line, Used
from topk.domain.owner import Owner

BEGIN = int(datetime(2026, 10, 26, tzinfo=UTC).timestamp())
DAY = 86_400
READS_EACH = 1
_SETTLED_SECONDS = 3600
_PROFILE = "/v1/users/{user_id}/top"


@dataclass(frozen=True, slots=True)
class Run:
    """What was consumed on the measured `days`, of `connections` by `users`."""

    users: int
    connections: int
    days: int
    used: Mapping[Line, Used]
    heat: Mapping[str, Mapping[str, float]]
    tally: Tally


def measure(
    *,
    users: int,
    days: int,
    seed: int,
    on_step: Callable[[str], None] = lambda _: None,
    settled: Callable[[int], None] = lambda _: None,
) -> Run:
    """Everybody connects all accounts on a day before, which is not measured: first crawls are
    larger. Then `days` days pass, with reads at the end.

    `settled` is told how many connections there are before the first measured day.
    """
    with metered_service(users=users, seed=seed, begin=BEGIN) as service:
        on_step(steps(days)[0])
        people = service.world.lever("GET", "listeners")
        connections = _settle(service, people)
        settled(connections)
        service.meter.used.clear()
        service.meter.heat.clear()
        service.tally = Tally()
        for day in range(1, days + 1):
            on_step(steps(days)[day])
            service.agenda.put(BEGIN + day * DAY, service.tick)
            service.agenda.run(BEGIN + day * DAY + _SETTLED_SECONDS)
        on_step(steps(days)[-1])
        for person in people:
            _read(service, person)
        meter = service.meter
        return Run(users, connections, days, dict(meter.used), dict(meter.heat), service.tally)


def steps(days: int) -> list[str]:
    return ["Connect", *(f"Day {day}" for day in range(1, days + 1)), "Read"]


def _settle(service: MeteredService, people: list[Mapping[str, object]]) -> int:
    connections = 0
    for person in people:
        owner = Owner(str(person["tenant"]), str(person["user"]))
        accounts, follows = person["accounts"], person["follows"]
        assert isinstance(accounts, dict)
        assert isinstance(follows, list)
        for provider, account in accounts.items():
            service.connect(owner, provider, account)
            connections += 1
        service.relate(owner, follows)
    service.agenda.run(BEGIN + DAY - 1)
    return connections


def _read(service: MeteredService, person: Mapping[str, object]) -> None:
    """Each their own list, their feed, and one list of somebody they follow."""
    owner = Owner(str(person["tenant"]), str(person["user"]))
    service.read("own", Asked("GET", "/v1/me/top", {}), owner)
    service.read("feed", Asked("GET", "/v1/me/following/top", {}), owner)
    follows = person["follows"]
    assert isinstance(follows, list)
    for other in follows[:READS_EACH]:
        service.read("profile", Asked("GET", _PROFILE, {"user_id": other}), owner)
