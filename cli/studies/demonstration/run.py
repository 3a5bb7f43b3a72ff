"""The demonstration: users connect, a week passes, and every list is compared with the truth."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2
from rich.progress import Progress

from cli.failure import CommandFailedError
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.browser import Browser
from cli.studies.demonstration.connecting import await_first_list, connect
from cli.studies.demonstration.days import DAY, DAYS, Calendar, local_day, wait_until
from cli.studies.demonstration.judge import fault
from cli.studies.demonstration.people import People, Person

K = 30
LIST_SECONDS = 300.0
"""For all lists together: they follow the crawls with a delay, that of the machine."""
_ANSWER_SECONDS = 120.0
_AT_ONCE = 4
_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass
class Result:
    """The result. `faults` maps the user of each list that is not exact to what is wrong."""

    midnights: list[int] = field(default_factory=list)
    """Times of the crawls of all users (epoch seconds): at the connect, and on each day after."""
    users: int = 0
    connections: int = 0
    lists_checked: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    first_list_seconds: list[float] = field(default_factory=list)
    plays_true: int = 0
    plays_obtainable: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def lists_exact(self) -> int:
        return self.lists_checked - len(self.faults)


def run(stack: LocalStack, progress: Progress, *, begin: int) -> Result:
    """All users connect at `begin`, a future midnight (epoch seconds).

    Raises CommandFailedError if a step does not finish.
    """
    try:
        return _run(stack, progress, begin)
    except httpx2.TransportError as error:
        raise CommandFailedError(
            f"the stack does not answer any more: {error}; its logs are in {stack.folder}"
        ) from error


def _run(stack: LocalStack, progress: Progress, begin: int) -> Result:
    result = Result()
    with httpx2.Client(timeout=_ANSWER_SECONDS, trust_env=False) as http:
        people = People(stack, http)
        calendar = Calendar(stack, people)
        midnights = result.midnights = [begin + day * DAY for day in range(DAYS + 1)]
        calendar.stand_at(begin)
        with timed(result, "connect"):
            _connect_all(people, http, begin, result, progress)
            for _ in watched([begin], progress, "Wait for the first crawls"):
                calendar.await_crawls()
        with timed(result, "crawl"):
            for midnight in watched(midnights[1:], progress, "Let a week pass"):
                calendar.stand_at(midnight)
                calendar.await_crawls()
        with timed(result, "check"):
            _check_all(people, midnights, result, progress)
        calendar.go_on(midnights[-1])
    return result


def _connect_all(
    people: People, http: httpx2.Client, begin: int, result: Result, progress: Progress
) -> None:
    browser = Browser(http)

    def one(person: Person) -> float | None:
        expected = truth_of(people, person, [begin])["songs"]
        since = connect(people, person, browser)
        return await_first_list(people, person, since) if expected else None

    waited = at_once(one, people.everyone, progress, "Connect accounts by OAuth")
    result.first_list_seconds = sorted(seconds for seconds in waited if seconds is not None)
    result.users = len(people.everyone)
    result.connections = sum(len(person.accounts) for person in people.everyone)


def _check_all(
    people: People, midnights: Sequence[int], result: Result, progress: Progress
) -> None:
    deadline = time.monotonic() + LIST_SECONDS

    def one(person: Person) -> tuple[Any, str]:
        truth = truth_of(people, person, midnights)
        left = max(0.0, deadline - time.monotonic())
        return truth, check(people, person, truth["songs"], within=left)

    found = at_once(one, people.everyone, progress, "Compare every list with the truth")
    result.lists_checked = len(found)
    result.plays_true = sum(truth["plays_true"] for truth, _ in found)
    result.plays_obtainable = sum(truth["plays_obtainable"] for truth, _ in found)
    result.faults = {
        f"{person.user} of {person.tenant}": what
        for person, (_, what) in zip(people.everyone, found, strict=True)
        if what
    }


def check(
    people: People, person: Person, truth: Sequence[Any], within: float = LIST_SECONDS
) -> str:
    """What is wrong with the list that a follower of `person` gets; empty if it is exact.

    Lists follow the crawls with a delay: a wrong one is read again for `within` seconds.
    """
    # A tenant of one has no followers.
    follower = people.followers.get((person.tenant, person.user), person)
    last = ""

    def exact() -> bool:
        nonlocal last
        answer = people.call(follower, "GET", f"/v1/users/{person.user}/top?k={K}")
        shown = answer.json()["songs"] if answer.is_success else None
        last = f"answered {answer.status_code}" if shown is None else fault(shown, truth, K)
        return not last

    with suppress(CommandFailedError):
        wait_until(exact, within, "inexact")
    return last


def truth_of(people: People, person: Person, polls: Sequence[int]) -> Any:
    """The true list of `person` on the day of the last of `polls`, if polled at these times."""
    question = {
        "tenant": person.tenant,
        "user": person.user,
        "as_of": local_day(polls[-1], person.time_zone).isoformat(),
        "polls": {provider: list(polls) for provider in person.accounts},
    }
    return people.world("POST", "truth", question)


def at_once(
    task: Callable[[_In], _Out], items: Sequence[_In], progress: Progress, title: str
) -> list[_Out]:
    """Runs `task` for each of `items`, a few at a time, and returns the results in order."""
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        return list(watched(pool.map(task, items), progress, title, total=len(items)))
    finally:
        # After a failure or Ctrl-C, what is under way ends with the stack that it asks.
        pool.shutdown(wait=False, cancel_futures=True)


def watched(
    items: Iterable[_In], progress: Progress, title: str, total: int | None = None
) -> Iterator[_In]:
    task = progress.add_task(title, total=total if total is not None else len(list(items)))
    if not progress.disable and not progress.console.is_terminal:
        # A bar is drawn at its end alone where nobody watches.
        progress.console.print(title)
    for item in items:
        yield item
        progress.advance(task)


@contextmanager
def timed(result: Result, step: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    result.seconds[step] = round(time.monotonic() - began, 2)
