"""Some nights with network faults and one without; then every list is compared with the truth."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2
from rich.progress import Progress

from cli.failure import CommandFailedError
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.browser import Browser
from cli.studies.demonstration.connecting import connect
from cli.studies.demonstration.days import DAY, Calendar
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.run import at_once, check, truth_of, watched
from cli.studies.wire.faults import Faults
from cli.studies.wire.kills import killing
from cli.studies.wire.proxy import proxied
from cli.studies.wire.quiet import Quiet
from infra_cdk import outputs

NIGHTS, STORM_SECONDS = 2, 45.0
"""Number of nights that begin with faults, and how long these last after the dispatch."""
_CRAWLS_WITHIN = 900.0
_LISTS_WITHIN = 120.0
_TICK_TRIES = 20
_STEPS = ("Connect accounts by OAuth", "Nights with faults", "A night without faults")


@dataclass
class Result:
    users: int = 0
    faults: Mapping[str, str] = field(default_factory=dict)
    """User -> what is wrong with their list, for lists that are not exact."""
    injected: Mapping[str, int] = field(default_factory=dict)
    killed: dict[str, int] = field(default_factory=dict)
    calls: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def exact(self) -> int:
        return self.users - len(self.faults)


def run(
    stack: LocalStack,
    seed: int,
    progress: Progress,
    *,
    begin: int,
    nights: int = NIGHTS,
    storm_seconds: float = STORM_SECONDS,
) -> Result:
    """All users connect at `begin`, a future midnight (epoch seconds).

    Raises CommandFailedError if crawls do not finish without faults.
    """
    result = Result()
    faults = Faults(seed, time.monotonic)
    with httpx2.Client(timeout=60, trust_env=False) as http, _routed(stack, faults):
        people = People(stack, http)
        calendar, quiet = Calendar(stack, people), Quiet(stack)
        midnights = [begin + night * DAY for night in range(nights + 2)]
        calendar.stand_at(begin)
        with _timed(result, "connect"):
            _connect(people, Browser(http), progress)
            quiet.wait(within=_CRAWLS_WITHIN)
        with _timed(result, "storm"):
            for night in watched(midnights[1:-1], progress, _STEPS[1]):
                _storm(stack, calendar, faults, night, seed, storm_seconds, result)
                quiet.wait(within=_CRAWLS_WITHIN)
        with _timed(result, "heal"):
            for night in watched(midnights[-1:], progress, _STEPS[2]):
                calendar.stand_at(night)
                quiet.wait(within=_CRAWLS_WITHIN)
        with _timed(result, "check"):
            _check(people, midnights, result, progress)
    result.injected = {fault.name.lower(): times for fault, times in faults.injected.items()}
    result.calls = faults.calls
    return result


def _connect(people: People, browser: Browser, progress: Progress) -> None:
    def one(person: Person) -> None:
        connect(people, person, browser)

    at_once(one, people.everyone, progress, _STEPS[0])


def _storm(
    stack: LocalStack,
    calendar: Calendar,
    faults: Faults,
    night: int,
    seed: int,
    seconds: float,
    result: Result,
) -> None:
    """Starts the night's crawls with faults; what is left is crawled after they end."""
    faults.start()
    with killing(stack, seed + night) as killed:
        _tick(calendar, night)
        time.sleep(seconds)
    faults.heal()
    for name, times in killed.items():
        result.killed[name] = result.killed.get(name, 0) + times
    _tick(calendar, night)


def _tick(calendar: Calendar, moment: int) -> None:
    """Like the schedule, retries a failed tick."""
    for left in reversed(range(_TICK_TRIES)):
        try:
            calendar.stand_at(moment)
        except CommandFailedError:
            if not left:
                raise
        else:
            return


def _check(people: People, midnights: Sequence[int], result: Result, progress: Progress) -> None:
    def one(person: Person) -> str:
        truth = truth_of(people, person, midnights)
        return check(people, person, truth["songs"], within=_LISTS_WITHIN)

    found = at_once(one, people.everyone, progress, "Compare every list with the truth")
    result.users = len(found)
    result.faults = {
        f"{person.user} of {person.tenant}": what
        for person, what in zip(people.everyone, found, strict=True)
        if what
    }


@contextmanager
def _routed(stack: LocalStack, faults: Faults) -> Iterator[None]:
    """While active, every function calls AWS through the faulty proxy."""
    functions = stack.client("lambda")
    with proxied(stack.emulator_url, faults.draw) as url:
        for name, function in stack.outputs.items():
            if name.startswith(outputs.function("")):
                declared = functions.get_function_configuration(FunctionName=function)
                variables = declared["Environment"]["Variables"] | {"AWS_ENDPOINT_URL": url}
                functions.update_function_configuration(
                    FunctionName=function, Environment={"Variables": variables}
                )
        yield


@contextmanager
def _timed(result: Result, step: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    result.seconds[step] = round(time.monotonic() - began, 1)
