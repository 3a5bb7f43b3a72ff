"""The deployed functions on AWS in memory, with a simulated world and no faults."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from cli.failure import CommandFailedError
from cli.in_memory.api import Api
from cli.in_memory.cloud import Cloud
from cli.in_memory.conditions import Conditions
from cli.in_memory.environment import environment
from cli.in_memory.installed import clear, furnish, installed
from cli.in_memory.lambdas import Lambdas
from cli.in_memory.scenery import Scenery
from cli.in_memory.schedule import Schedule
from cli.in_memory.trace import Trace
from infra_cdk.config import Deployment
from simulator.aws.calls import Hook
from simulator.aws.dynamodb.changes import OnChange
from simulator.scheduler import Scheduler
from simulator.virtual_time import VirtualClock

BATCH = 50
"""Same value as infra_cdk/crawling.py on AWS."""
Settings = Mapping[str, Mapping[str, Any]]
"""Provider -> fields of its PROVIDERS entry that override the declared ones."""


class Service:
    """A context manager; time passes only while `scheduler` runs.

    `hooks` are called with every AWS call, `on_change` with every write to a table. `slot_minutes`
    overrides the declared width of the timetable's slots.
    """

    def __init__(
        self,
        scenery: Scenery,
        declared: Deployment,
        clock: VirtualClock,
        *,
        settings: Settings | None = None,
        slot_minutes: int = 0,
        hooks: Sequence[Hook] = (),
        on_change: OnChange = lambda _: None,
    ) -> None:
        stage = declared.stage
        conditions = Conditions()
        self.scheduler = Scheduler(clock)
        self.cloud = Cloud(
            self.scheduler,
            conditions,
            secrets=scenery.credentials,
            max_attempts=stage.max_attempts,
            hooks=hooks,
            batch=BATCH,
            on_change=on_change,
        )
        self.lambdas = Lambdas(
            self.scheduler,
            conditions,
            Trace(kept=False),
            lambda process: furnish(process, clock.now),
            clear,
        )
        self.cloud.connect(self.lambdas)
        self.api = Api(self.lambdas, stage.tenants, clock.now)
        self.slot_minutes = slot_minutes or stage.slot_minutes
        every = self.slot_minutes * 60
        self.schedule = Schedule(self.scheduler, conditions, self.lambdas, every)
        self._scenery, self._declared, self._clock = scenery, declared, clock
        self._settings = settings or {}
        self._stack = ExitStack()

    def run(self, until: int) -> None:
        """Runs until `until` (epoch seconds). Raises CommandFailedError if a function failed."""
        self.scheduler.run(until)
        if self.lambdas.errors:
            raise CommandFailedError(f"a function failed: {self.lambdas.errors[0]}")

    def __enter__(self) -> Self:
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        given = environment(
            self._declared,
            folder,
            settings=self._settings,
            slot_minutes=self.slot_minutes,
        )
        carrier = self._scenery.simulated.carrier()
        self._stack.enter_context(
            installed(given, self.cloud.aws.client, carrier, self.cloud.logs, self._clock.now)
        )
        self._stack.callback(self.lambdas.close)
        self._stack.callback(self.scheduler.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
