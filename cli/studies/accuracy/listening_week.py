"""Simulates a week of the world and the service: users connect, days pass in virtual time, and all
crawls are recorded."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

import httpx2
import msgspec

from cli.failure import CommandFailedError
from cli.in_memory.api import BrowserTransport
from cli.in_memory.consent import connected
from cli.in_memory.scenery import scenery
from cli.in_memory.service import Service
from cli.in_memory.world import deployment
from cli.studies.accuracy.people import Person, people, settle
from cli.studies.accuracy.plan import DAY, Crawling, Plan
from cli.studies.accuracy.poll_log import PollLog
from functions.crawl import handler
from functions.crawl.report import report
from simulator.listeners.population import PROVIDERS
from simulator.virtual_time import VirtualClock, VirtualLoop

SETTLING_SECONDS = 3600
"""Time after the last tick for queued crawls and running exports."""
RECONSIDER_SECONDS = 3600
_TRIES = 3


class ListeningWeek:
    """The world of `plan` and the service. A context manager; call `live` once."""

    def __init__(self, plan: Plan, crawling: Crawling = Crawling.DAILY) -> None:
        self._plan = plan
        self._stack = ExitStack()
        runner = self._stack.enter_context(asyncio.Runner(loop_factory=VirtualLoop))
        clock, declared = VirtualClock(plan.begin), deployment()
        found = scenery(
            plan.users,
            plan.seed,
            declared,
            clock,
            runner,
            providers=PROVIDERS,
            habits=plan.habits,
            heavy=plan.heavy,
        )
        self.world, self.simulated = found.world, found.simulated
        cadence = msgspec.to_builtins(crawling.bounds)
        settings = {
            name: {"cadence": cadence, "options": given.options}
            for name, given in declared.providers.items()
        }
        self.service = Service(found, declared, clock, settings=settings)
        self.people = people(self.simulated.lever("GET", "listeners"))
        self.polls = PollLog()

    @property
    def now(self) -> int:
        return int(self.service.scheduler.now)

    @property
    def dead_letters(self) -> int:
        """Number of messages that no function could handle."""
        queues = self.service.cloud.queues
        return sum(len(queues[name].messages) for name in queues if name.endswith("-dead"))

    def live(self, a_day_passed: Callable[[], None]) -> None:
        """All users connect on the first day; the schedule fires until the end of the last one.

        Raises CommandFailedError if an account cannot be connected.
        """
        service, plan = self.service, self._plan
        settle(self.people, service.api)
        with httpx2.Client(transport=BrowserTransport(self.simulated, service.api)) as http:
            self._expect_everybody(http)
            service.schedule.fire(plan.begin, plan.end)
            for midnight in range(plan.begin + DAY, plan.end + 1, DAY):
                service.run(midnight)
                a_day_passed()
        service.run(plan.end + SETTLING_SECONDS)

    def _expect_everybody(self, http: httpx2.Client) -> None:
        """Schedules the users' connects over the first day, each with all accounts at once."""
        for number, person in enumerate(self.people):
            moment = self._plan.begin + DAY * number // len(self.people)
            for provider in person.accounts:
                connect = partial(self._connect, person, provider, http, _TRIES)
                self.service.scheduler.put(moment, connect)

    def _connect(self, person: Person, provider: str, http: httpx2.Client, tries: int) -> None:
        """Users whose consent fails, or who deny it, try again after an hour."""
        account = person.accounts[provider]
        if connected(self.service.api, http, person.owner, provider, account):
            return
        if tries == 1:
            raise CommandFailedError(f"{person.owner.key} at {provider}: could not be connected")
        again = partial(self._connect, person, provider, http, tries - 1)
        self.service.scheduler.put(self.now + RECONSIDER_SECONDS, again)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """While active, records the outcomes of each batch of crawls."""

        def noted(deliveries: Any, outcomes: Any, *given: Any, **more: Any) -> None:
            self.polls.note(outcomes, self.now)
            report(deliveries, outcomes, *given, **more)

        with patch.object(handler, "report", noted):
            yield

    def __enter__(self) -> Self:
        self._stack.enter_context(self.service)
        self._stack.enter_context(self._noting())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
