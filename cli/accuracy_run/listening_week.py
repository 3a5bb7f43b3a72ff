"""One run of the world: everybody connects, days pass in virtual time, crawls are noted down."""

import asyncio
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

import httpx2

from cli.accuracy_run.people import Person, settle
from cli.accuracy_run.plan import DAY, Crawling, Plan
from cli.accuracy_run.poll_log import PollLog
from cli.demonstration.browser import Browser
from cli.failure import CommandFailedError
from cli.inprocess.doors import Doors
from cli.inprocess.service import Service
from cli.inprocess.virtual_time import Agenda, VirtualClock, VirtualLoop
from cli.inprocess.world import SimulatedWorld, deployment
from simulator.app import build_world
from simulator.population import PROVIDERS
from simulator.world import World
from topk.domain.crawl.timetable import Grid
from topk.usecases.crawling.crawl import Outcomes

SETTLING_SECONDS = 3600
"""After the last tick, for what is queued or being prepared."""
RECONSIDER_SECONDS = 3600
_TRIES = 3


class ListeningWeek:
    """The world of `plan` with the service beside it. Use as a context; `live` once."""

    def __init__(self, plan: Plan, crawling: Crawling = Crawling.DAILY) -> None:
        self._plan = plan
        self._runner = asyncio.Runner(loop_factory=VirtualLoop)
        clock = VirtualClock(plan.begin)
        self._agenda = Agenda(clock)
        application = build_world(
            plan.users,
            plan.seed,
            clock,
            wall=clock.now,
            sleep=asyncio.sleep,
            linger=asyncio.sleep,
            habits=plan.habits,
            heavy=plan.heavy,
            providers=PROVIDERS,
        )
        self.world: World = application.state.world
        self.simulated = SimulatedWorld(application, self._runner)
        declared = deployment()
        self.service = Service(
            self._agenda,
            self._runner,
            self.simulated.adapters(declared),
            grid=Grid(),
            bounds=crawling.bounds,
            max_attempts=declared.stage.max_attempts,
            crawled=self._note,
        )
        self.people = settle(self.simulated.lever("GET", "listeners"), self.service.tables)
        self.polls = PollLog()

    @property
    def now(self) -> int:
        return self._agenda.now

    def live(self, a_day_passed: Callable[[], None]) -> None:
        """Everybody connects on the first day; the schedule fires until the last one is over.

        Raises CommandFailedError where an account cannot be connected.
        """
        doors = Doors(self.simulated, self.service)
        with httpx2.Client(transport=doors) as http:
            self._expect_everybody(doors, Browser(http))
            width = self.service.grid.slot_minutes * 60
            for tick in range(self._plan.begin, self._plan.end, width):
                self._agenda.put(tick, self.service.tick)
            for midnight in range(self._plan.begin + DAY, self._plan.end + 1, DAY):
                self._agenda.run(midnight)
                a_day_passed()
        self._agenda.run(self._plan.end + SETTLING_SECONDS)

    def _expect_everybody(self, doors: Doors, browser: Browser) -> None:
        """One after the other over the first day, each with all accounts at once."""
        for number, person in enumerate(self.people):
            moment = self._plan.begin + DAY * number // len(self.people)
            for provider in person.accounts:
                connect = partial(self._connect, person, provider, doors, browser, _TRIES)
                self._agenda.put(moment, connect)

    def _connect(
        self, person: Person, provider: str, doors: Doors, browser: Browser, tries: int
    ) -> None:
        """Who is refused, or denies, thinks it over for an hour."""
        address = doors.begin(person.owner, provider, now=self.now)
        landed = browser.consent(address, person.accounts[provider])
        told = parse_qs(urlsplit(landed).query)
        if "confirmation" in told:
            self.service.confirm(person.owner, provider, *told["confirmation"])
            return
        if tries == 1:
            raise CommandFailedError(f"{person.owner.key} at {provider}: {landed}")
        again = partial(self._connect, person, provider, doors, browser, tries - 1)
        self._agenda.put(self.now + RECONSIDER_SECONDS, again)

    def _note(self, outcomes: Outcomes, now: int) -> None:
        self.polls.note(outcomes, self.service.tables.connections, now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.close()
