"""One fault run: three days of a small world, with faults for the first 30 hours."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from cli.in_memory.api import Api
from cli.in_memory.cloud import Announcing, Cloud, Event
from cli.in_memory.environment import environment
from cli.in_memory.faults import Fault
from cli.in_memory.installed import clear, furnish, installed
from cli.in_memory.lambdas import SECONDS, Lambdas
from cli.in_memory.scenery import scenery
from cli.in_memory.schedule import Schedule
from cli.in_memory.trace import Trace
from cli.in_memory.world import deployment
from cli.studies.chaos.fault_injector import LAG_SECONDS, FaultInjector
from cli.studies.chaos.faulty_calls import FaultyCalls
from cli.studies.chaos.oracle.expected import Expected
from cli.studies.chaos.oracle.observed import Observed
from cli.studies.chaos.oracle.timetable_check import Standing
from cli.studies.chaos.plan import HOUR, HOURS, STORM_HOURS, Plan
from cli.studies.chaos.provider_net import ProviderNet
from cli.studies.chaos.releases import releases
from cli.studies.chaos.society import society
from simulator.listeners.dice import Dice
from simulator.listeners.population import PROVIDERS
from simulator.scheduler import Scheduler
from simulator.virtual_time import VirtualClock, VirtualLoop
from topk.domain.crawl.timetable import Grid
from topk.stores.queues.announcements import CHANGED

BEGIN = 1_793_145_600
"""2026-10-28T00:00:00Z"""
POISON = '{"poison"'
_SONGS = 300
_DAYS = HOURS // 24 + 3
"""With margins, since time zones begin a day before or after UTC."""
MOST_EVENTS = 50_000
"""Limit that ends a runaway run; a usual run has a few thousand events."""
_QUIET_SECONDS = 2 * HOUR
"""Nobody acts in this time before the end."""
_BODIES = (
    POISON + ": 1}",
    POISON,
    POISON + ': 1, "owner": "harbor#nobody", "provider": "spotify", "at": 1}',
)


class FaultRun:
    """The service under the faults of `plan`. A context manager; call `live` once."""

    def __init__(self, plan: Plan, *, traced: bool = False) -> None:
        self.plan = plan
        self.trace = Trace(kept=traced)
        self._clock = VirtualClock(BEGIN)
        self.scheduler = Scheduler(self._clock, most_events=MOST_EVENTS)
        self.injector = FaultInjector(plan, BEGIN, self._clock.now)
        self.observed = Observed(self._clock.now)
        self._runner = asyncio.Runner(loop_factory=VirtualLoop)
        self._stack = ExitStack()
        self._declared = deployment()
        self.scenery = scenery(
            plan.users,
            plan.seed,
            self._declared,
            self._clock,
            self._runner,
            providers=PROVIDERS,
            songs=_SONGS,
            days=_DAYS,
        )
        self.world = self.scenery.world
        self._run_service()
        quiet = BEGIN + HOURS * HOUR - _QUIET_SECONDS
        self.society = society(self.scenery, self.scheduler, self.api, plan, quiet)
        self._stack.callback(self.society.people.http.close)
        self._judge_by()

    def _run_service(self) -> None:
        stage = self._declared.stage
        self.buses = self._declared.event_buses
        announcing = FaultInjector(self.plan, BEGIN, self._clock.now, "announce")
        announcing.injected = self.injector.injected
        self.cloud = Cloud(
            self.scheduler,
            self.injector,
            secrets=self.scenery.credentials,
            max_attempts=stage.max_attempts,
            hooks=[FaultyCalls(self.scheduler, self.injector, self.trace, {"events": announcing})],
            lag=LAG_SECONDS,
            on_change=self.observed.written,
            announcing=Announcing(self.buses, announcing, self._announced),
        )
        self._lambdas = Lambdas(
            self.scheduler,
            self.injector,
            self.trace,
            lambda process: furnish(process, self._clock.now),
            clear,
            own={"announce": announcing},
        )
        self.cloud.connect(self._lambdas)
        self.api = Api(self._lambdas, stage.tenants, self._api_time)
        every = stage.slot_minutes * 60
        self.schedule = Schedule(self.scheduler, self.injector, self._lambdas, every)

    def _judge_by(self) -> None:
        stage, society = self._declared.stage, self.society
        self.expected = Expected(self.world, self.observed, society.pushing.pushed, society.oracle)
        self.standing = Standing(
            Grid(stage.slot_minutes, stage.shards),
            self.cloud.aws.dynamodb.tables,
            self.cloud.queues,
            society.people,
            self.scenery.exported_at,
        )

    @property
    def now(self) -> float:
        return self.scheduler.now

    def live(self) -> None:
        """Runs everything, from the first connection until well after the last fault."""
        end = BEGIN + HOURS * HOUR
        self.society.start(self.scenery)
        self.schedule.fire(BEGIN, end - HOUR)
        self._poison()
        for hour in range(1, HOURS):
            self.scheduler.put(BEGIN + hour * HOUR, self.standing.look)
        self.scheduler.run(end)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Everything that was written to logs, tables and queues, as (place, text)."""
        yield "logs", self.cloud.logs.getvalue()
        for name, table in self.cloud.aws.dynamodb.tables.items():
            yield f"table {name}", "\n".join(map(str, table.items()))
        for name, queue in self.cloud.queues.items():
            bodies = (f"{message.body} {message.attributes}" for message in queue.messages.values())
            yield f"queue {name}", "\n".join(bodies)

    def _announced(self, event: Event) -> None:
        """Checks an event. Its list may have been read as early as the announcer's timeout ago."""
        began = self.scheduler.now - SECONDS["announce"]
        if event.kind == CHANGED:
            self.society.oracle.check_announcement(event.owner, began, event.songs)

    def _api_time(self) -> float:
        return self.scheduler.now + self.injector.skew()

    def _poison(self) -> None:
        """Schedules messages that cannot be parsed, at random times."""
        dice = Dice("poison", self.plan.seed)
        for _ in range(int(self.plan.rates.get(Fault.POISON, 0))):
            queue, body = dice.pick(PROVIDERS), dice.pick(_BODIES)
            moment = BEGIN + dice.between(0, STORM_HOURS) * HOUR
            self.injector.injected[Fault.POISON] += 1
            self.scheduler.put(
                moment,
                lambda queue=queue, body=body: self.cloud.aws.sqs.put(queue, body),  # type: ignore[misc]
            )

    def __enter__(self) -> Self:
        self._stack.callback(self._runner.close)
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        net = ProviderNet(self.scenery.application, self.scheduler, self.injector, self.trace)
        self._stack.enter_context(self.observed.watching())
        self._stack.enter_context(releases())
        given = environment(self._declared, folder)
        self._stack.enter_context(
            installed(given, self.cloud.aws.client, net, self.cloud.logs, self._clock.now)
        )
        self._stack.callback(self._lambdas.close)
        self._stack.callback(self.scheduler.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
