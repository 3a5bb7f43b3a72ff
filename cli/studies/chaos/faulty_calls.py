"""The hook for every AWS call in a fault run: adds latency and errors, and kills processes."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from botocore.exceptions import ReadTimeoutError

from cli.in_memory.faults import Fault
from cli.in_memory.process import Process, current
from cli.in_memory.trace import Trace
from cli.studies.chaos.fault_injector import LAG_SECONDS, FaultInjector
from cli.studies.chaos.oracle.descriptions import description
from simulator.aws.calls import Answer, Call, Perform
from simulator.aws.errors import AwsError
from simulator.scheduler import Scheduler

_AWAY = {
    "kms": (Fault.KEYS_AWAY, "KMSInternalException"),
    "secretsmanager": (Fault.SECRETS_AWAY, "InternalServiceError"),
    "events": (Fault.BUS_AWAY, "InternalException"),
}
_THROTTLED = {"dynamodb": "ProvisionedThroughputExceededException"}
_CONTESTED = ("connections", "plays", "timetable", "top_lists")


class FaultyCalls:
    """`own` overrides `injector` for single services."""

    def __init__(
        self,
        scheduler: Scheduler,
        injector: FaultInjector,
        trace: Trace,
        own: Mapping[str, FaultInjector] | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._injector = injector
        self._trace = trace
        self._own = own or {}

    def __call__(self, call: Call, perform: Perform) -> Answer:
        """Performs the call, with faults.

        Raises AwsError as after the SDK's own retries, ReadTimeoutError for a lost answer, and
        CrashError if the process dies.
        """
        process = current()
        injector = self._injector_of(process, call.service)
        who, what = process.name if process else "-", description(call)
        call.split = partial(_split, injector)
        call.staleness = partial(_staleness, injector)
        contested = call.writes and _is_contested(who, what)
        self._scheduler.pause(injector.latency(contested=contested))
        last = process.begin_call(self._scheduler.now) if process else False
        if process:
            self._refuse(injector, call.service, who, what)
        try:
            answer = perform()
            if process and call.writes and injector.strikes(Fault.ECHOED):
                self._note(who, f"{what} (again)")
                answer = perform()
        except AwsError as error:
            self._note(who, f"{what}: {error.code}")
            raise
        self._note(who, what)
        if process and last:
            self._note(who, "died")
            process.die()
        if process and call.writes and injector.strikes(Fault.UNANSWERED):
            self._note(who, f"{what}: took effect, no answer")
            raise ReadTimeoutError(endpoint_url=f"https://{call.service}.simulated")
        return answer

    def _injector_of(self, process: Process | None, service: str) -> FaultInjector:
        """The calling process's own injector if it has one, otherwise the service's."""
        own = process.conditions if process else None
        if isinstance(own, FaultInjector):
            return own
        return self._own.get(service, self._injector)

    def _refuse(self, injector: FaultInjector, service: str, who: str, what: str) -> None:
        if service in _AWAY:
            fault, code = _AWAY[service]
            if injector.spell(fault):
                raise AwsError(code)
        for fault, code in (
            (Fault.THROTTLED, _THROTTLED.get(service, "ThrottlingException")),
            (Fault.SERVER_ERROR, "InternalServerError"),
        ):
            if injector.strikes(fault):
                self._note(who, f"{what}: {code}")
                raise AwsError(code)

    def _note(self, who: str, what: str) -> None:
        self._trace.note(self._scheduler.now, who, what)


def _split(injector: FaultInjector, batch: list[Any]) -> tuple[list[Any], list[Any]]:
    if len(batch) > 1 and injector.strikes(Fault.UNPROCESSED):
        at = injector.dice.whole(1, len(batch) - 1)
        return batch[:at], batch[at:]
    return batch, []


def _staleness(injector: FaultInjector) -> float:
    return injector.dice.between(0, LAG_SECONDS) if injector.strikes(Fault.STALE) else 0.0


def _is_contested(who: str, what: str) -> bool:
    """Whether a concurrent write to the same rows could do harm.

    An erasure only removes rows, so it is never harmed.
    """
    return not who.startswith("erase-") and any(table in what for table in _CONTESTED)
