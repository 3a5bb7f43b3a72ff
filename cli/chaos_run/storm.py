"""One run: a small world lives for three days, the first of them in a storm, and is then quiet."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import httpx2

from cli.chaos_run.api import Api, BrowserWay
from cli.chaos_run.cloud import Cloud
from cli.chaos_run.course import Course
from cli.chaos_run.deployed import environment
from cli.chaos_run.expected import Expected
from cli.chaos_run.faults import Fault
from cli.chaos_run.installed import clear, furnish, installed
from cli.chaos_run.lambdas import Lambdas
from cli.chaos_run.observed import Observed
from cli.chaos_run.people import People
from cli.chaos_run.plan import HOUR, HOURS, STORM_HOURS, Plan
from cli.chaos_run.provider_net import ProviderNet
from cli.chaos_run.pushing import PROVIDER, Pushing
from cli.chaos_run.releases import releases
from cli.chaos_run.sources import Schedule
from cli.chaos_run.standing import Standing
from cli.chaos_run.trace import Trace
from cli.chaos_run.weather import Weather
from cli.credentials import generate
from cli.inprocess.virtual_time import VirtualClock, VirtualLoop
from cli.inprocess.world import SimulatedWorld, callback_url, deployment
from simulator.app import build_world
from simulator.dice import Dice
from simulator.population import PROVIDERS
from simulator.world import World
from topk.domain.timetable import Grid

BEGIN = 1_793_145_600
"""2026-10-28T00:00:00Z"""
POISON = '{"poison"'
_SONGS = 300
_QUIET_SECONDS = 2 * HOUR
"""Before the end nobody acts any more."""
_BODIES = (
    POISON + ": 1}",
    POISON,
    POISON + ': 1, "owner": "harbor#nobody", "provider": "spotify", "at": 1}',
)


class Storm:
    """The service in the world of `plan`. Use as a context; `live` once."""

    def __init__(self, plan: Plan, *, traced: bool = False) -> None:
        self.plan = plan
        self.trace = Trace(kept=traced)
        clock = VirtualClock(BEGIN)
        self.course = Course(clock)
        self.weather = Weather(plan, BEGIN, clock.now)
        self.observed = Observed(clock.now)
        self._runner = asyncio.Runner(loop_factory=VirtualLoop)
        self._stack = ExitStack()
        application = build_world(
            plan.users,
            plan.seed,
            clock,
            songs=_SONGS,
            wall=clock.now,
            sleep=asyncio.sleep,
            linger=asyncio.sleep,
            providers=PROVIDERS,
        )
        self.world: World = application.state.world
        self._simulated = SimulatedWorld(application, self._runner)
        self._declared = deployment()
        self.secrets: frozenset[str] = frozenset()
        credentials = self._register()
        self.cloud = Cloud(
            self.course,
            self.weather,
            self.trace,
            secrets=credentials,
            max_attempts=self._declared.stage.max_attempts,
            watch=self.observed.written,
        )
        self._net = ProviderNet(application, self.course, self.weather, self.trace)
        lambdas = Lambdas(
            self.course,
            self.weather,
            self.trace,
            lambda process: furnish(process, clock.now),
            clear,
        )
        self._lambdas = lambdas
        self.cloud.connect(lambdas)
        self.api = Api(lambdas, self._declared.stage.tenants, self._api_time)
        dice = Dice("people", plan.seed)
        quiet = BEGIN + HOURS * HOUR - _QUIET_SECONDS
        browser = httpx2.Client(transport=BrowserWay(self._simulated, self.api))
        self._stack.callback(browser.close)
        self.people = People(self.course, self.api, browser, dice, quiet)
        secret = credentials[PROVIDER]["push_secret"]
        self._pushing = Pushing(self.course, self.api, self.world, secret, dice, quiet)
        stage = self._declared.stage
        self.expected = Expected(
            self.world, self.observed, self.cloud.tables["plays"], self._pushing.pushed
        )
        self._grid = Grid(stage.slot_minutes, stage.shards)
        self.schedule = Schedule(self.course, self.weather, lambdas, stage.slot_minutes * 60)
        self.standing = Standing(self._grid, self.cloud.tables, self.cloud.queues, self.people)

    @property
    def now(self) -> float:
        return self.course.now

    def live(self) -> None:
        """From the first connection to the quiet after the storm."""
        end = BEGIN + HOURS * HOUR
        self.people.settle(self.world.listeners)
        for account in self.people.accounts:
            self._pushing.follow(account)
        self.schedule.fire(BEGIN, end - HOUR)
        self._poison()
        for hour in range(1, HOURS):
            self.course.put(BEGIN + hour * HOUR, self.standing.look)
        self.course.run(end)

    def texts(self) -> Iterator[tuple[str, str]]:
        """All that is written anywhere, with the name of the place."""
        yield "logs", self.cloud.logs.getvalue()
        for name, table in self.cloud.tables.items():
            yield f"table {name}", "\n".join(map(str, table.items()))
        for name, queue in self.cloud.queues.items():
            bodies = (f"{one.body} {one.reason}" for one in queue.messages.values())
            yield f"queue {name}", "\n".join(bodies)

    def _api_time(self) -> float:
        return self.course.now + self.weather.skew()

    def _register(self) -> dict[str, dict[str, str]]:
        """Credentials for each provider, known there too."""
        found = {}
        for name, given in self._declared.providers.items():
            found[name], known = generate(given.credentials)
            redirects = {"redirect_uris": [callback_url(name)]}
            self._simulated.lever("PUT", f"apps/{name}", known | redirects)
        self.secrets = frozenset(
            value
            for kept in found.values()
            for field, value in kept.items()
            if field.endswith("secret") or field == "private_key"
        )
        return found

    def _poison(self) -> None:
        """Messages that nobody can read come at any time."""
        dice = Dice("poison", self.plan.seed)
        for _ in range(int(self.plan.rates.get(Fault.POISON, 0))):
            queue, body = dice.pick(PROVIDERS), dice.pick(_BODIES)
            moment = BEGIN + dice.between(0, STORM_HOURS) * HOUR
            self.weather.injected[Fault.POISON] += 1
            self.course.put(
                moment,
                lambda queue=queue, body=body: self.cloud.sqs.drop(queue, body),  # type: ignore[misc]
            )

    def __enter__(self) -> Self:
        self._stack.callback(self._runner.close)
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        self._stack.enter_context(self.observed.watching())
        self._stack.enter_context(releases())
        self._stack.enter_context(
            installed(
                environment(self._declared, folder), self.cloud.client, self._net, self.cloud.logs
            )
        )
        self._stack.callback(self._lambdas.close)
        self._stack.callback(self.course.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
