"""One run of the world: everybody connects, days pass in virtual time, crawls are noted down."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2

from cli.accuracy_run.plan import Plan
from cli.demonstration.browser import Browser
from cli.failure import CommandFailedError
from cli.inprocess.doors import Doors
from cli.inprocess.service import Service
from cli.inprocess.virtual_time import Agenda, VirtualClock, VirtualLoop
from cli.inprocess.world import SimulatedWorld, deployment
from simulator.app import build_world
from simulator.world import World
from topk.domain.owner import Owner
from topk.domain.profile import Profile
from topk.domain.timetable import Cadence, Grid
from topk.usecases.crawl import Outcomes

DAY = 86_400
SETTLING_SECONDS = 3600
"""After the last tick, for what is queued or being prepared."""
_RAN = frozenset({"crawled", "overtaken"})

Polls = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Person:
    """`accounts` maps a provider to the account there; `follower` sees their list."""

    owner: Owner
    time_zone: str
    accounts: Mapping[str, str]
    follower: Owner


class ListeningWeek:
    """The world of `plan` with the service beside it. Use as a context; `live` once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._runner = asyncio.Runner(loop_factory=VirtualLoop)
        clock = VirtualClock(plan.begin)
        self._agenda = Agenda(clock)
        application = build_world(plan.users, plan.seed, clock, wall=clock.now, sleep=asyncio.sleep)
        self.world: World = application.state.world
        self.simulated = SimulatedWorld(application, self._runner)
        declared = deployment()
        self.service = Service(
            self._agenda,
            self._runner,
            self.simulated.adapters(declared),
            grid=Grid(),
            cadences={name: Cadence(one.per_day) for name, one in declared.providers.items()},
            max_attempts=declared.stage.max_attempts,
            crawled=self._note,
        )
        self._polls: dict[Owner, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.people = self._settled(self.simulated.lever("GET", "listeners"))
        self.crawls = 0

    @property
    def now(self) -> int:
        return self._agenda.now

    def live(self, a_day_passed: Callable[[], None]) -> None:
        """Everybody connects on the first day; the schedule fires until the last one is over.

        Raises CommandFailedError where an account cannot be connected.
        """
        doors = Doors(self.simulated, self.service)
        with httpx2.Client(transport=doors) as http:
            browser = Browser(http)
            for number, person in enumerate(self.people):
                moment = self._plan.begin + DAY * number // len(self.people)
                self._agenda.put(moment, partial(self._connect, person, doors, browser))
            for tick in range(
                self._plan.begin, self._plan.end, self.service.grid.slot_minutes * 60
            ):
                self._agenda.put(tick, self.service.tick)
            for midnight in range(self._plan.begin + DAY, self._plan.end + 1, DAY):
                self._agenda.run(midnight)
                a_day_passed()
        self._agenda.run(self._plan.end + SETTLING_SECONDS)

    def polls(self, person: Person) -> Polls:
        """When each account of theirs was read (epoch seconds): up to when it was told of."""
        return self._polls[person.owner]

    def _settled(self, listeners: Sequence[Mapping[str, Any]]) -> list[Person]:
        """Each listener with a time zone in their profile, and whoever follows them first."""
        followers: dict[Owner, Owner] = {}
        for one in listeners:
            for other in one["follows"]:
                followed, follower = Owner(one["tenant"], other), Owner(one["tenant"], one["user"])
                followers.setdefault(followed, follower)
                self.service.tables.follows.add(follower, followed)
        people = []
        for one in listeners:
            owner = Owner(one["tenant"], one["user"])
            self.service.tables.profiles.put(owner, Profile(time_zone=one["time_zone"]))
            people.append(
                Person(owner, one["time_zone"], one["accounts"], followers.get(owner, owner))
            )
        return people

    def _connect(self, person: Person, doors: Doors, browser: Browser) -> None:
        for provider, account in person.accounts.items():
            address = doors.begin(person.owner, provider, now=self.now)
            landed = browser.consent(address, account)
            if "connected=1" not in landed:
                raise CommandFailedError(f"{person.owner.key} at {provider}: {landed}")

    def _note(self, outcomes: Outcomes, now: int) -> None:
        """A crawl that ran read its account now; an export reaches to when it was begun."""
        for (owner, provider), outcome in outcomes.items():
            if outcome.reason not in _RAN:
                continue
            self.crawls += 1
            connection = self.service.tables.connections.rows[owner][provider]
            through = connection.crawled_through if provider == "youtube" else now
            moments = self._polls[owner][provider]
            if through and through not in moments[-1:]:
                moments.append(through)

    def __enter__(self) -> "ListeningWeek":
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()
