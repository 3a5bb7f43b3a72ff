"""The way of every call to AWS: it takes a while, may fail, or may be the last of its process."""

from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import ClientError, ReadTimeoutError

from cli.chaos_run.course import Course
from cli.chaos_run.faults import Fault
from cli.chaos_run.process import Process, current
from cli.chaos_run.trace import Trace
from cli.chaos_run.weather import Weather

T = TypeVar("T")
_THROTTLED = {"dynamodb": "ProvisionedThroughputExceededException"}


class Wire:
    """What the clients of all services share."""

    def __init__(self, course: Course, weather: Weather, trace: Trace) -> None:
        self.course = course
        self._weather = weather
        self._trace = trace

    @property
    def weather(self) -> Weather:
        """That of the process that asks, where it has its own."""
        return self._weather_of(current())

    def _weather_of(self, process: Process | None) -> Weather:
        return (process.weather if process else None) or self._weather

    def split(self, requests: list[T]) -> tuple[list[T], list[T]]:
        """A batch, and the part of it that is left undone."""
        weather = self.weather
        if len(requests) > 1 and weather.strikes(Fault.UNPROCESSED):
            at = weather.dice.whole(1, len(requests) - 1)
            return requests[:at], requests[at:]
        return requests, []

    def call(self, service: str, what: str, effect: Callable[[], T], *, writes: bool) -> T:
        """What `effect` returns. Raises what botocore would, after its own retries, or CrashError.

        `what` is for the trace and names no secret.
        """
        process = current()
        weather = self._weather_of(process)
        who = process.name if process else "-"
        self.course.pause(weather.latency(contested=writes and _is_contested(who, what)))
        last = process.begin_call(self.course.now) if process else False
        if process:
            self._refuse(weather, service, f"{who} {what}")
        try:
            found = effect()
            if process and writes and weather.strikes(Fault.ECHOED):
                self._note(who, f"{what} (again)")
                found = effect()
        except ClientError as error:
            self._note(who, f"{what}: {error.response['Error']['Code']}")
            raise
        self._note(who, what)
        if process and last:
            self._note(who, "died")
            process.die()
        if process and writes and weather.strikes(Fault.UNANSWERED):
            self._note(who, f"{what}: took effect, no answer")
            raise ReadTimeoutError(endpoint_url=f"https://{service}.simulated")
        return found

    def _refuse(self, weather: Weather, service: str, what: str) -> None:
        if service == "kms" and weather.spell(Fault.KEYS_AWAY):
            raise failure(service, "KMSInternalException")
        if service == "secretsmanager" and weather.spell(Fault.SECRETS_AWAY):
            raise failure(service, "InternalServiceError")
        if service == "events" and weather.spell(Fault.BUS_AWAY):
            raise failure(service, "InternalException")
        for fault, code in (
            (Fault.THROTTLED, _THROTTLED.get(service, "ThrottlingException")),
            (Fault.SERVER_ERROR, "InternalServerError"),
        ):
            if weather.strikes(fault):
                self._note(what.partition(" ")[0], f"{what.partition(' ')[2]}: {code}")
                raise failure(service, code)

    def _note(self, who: str, what: str) -> None:
        self._trace.note(self.course.now, who, what)


def _is_contested(who: str, what: str) -> bool:
    """Whether others may write the same meanwhile, to the harm of either.

    Who waits for a budget holds nothing yet, and who erases takes away what is there.
    """
    if who.startswith("erase-"):
        return False
    return any(table in what for table in ("connections", "plays", "timetable", "top_lists"))


def failure(operation: str, code: str, **more: Any) -> ClientError:
    """The error of botocore for a `code` of AWS."""
    told: Any = {"Error": {"Code": code, "Message": "simulated"}, **more}
    return ClientError(told, operation)
