"""How long the demonstration waits for crawls."""

from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.progress import Progress

from cli.failure import CommandFailedError
from cli.local_stack.stack import LocalStack
from cli.local_stack.state import State
from cli.studies.demonstration.days import STALLED_SECONDS, await_empty
from cli.studies.demonstration.people import People
from cli.studies.demonstration.run import at_once


class Wait:
    """Time that passes only by sleeping, and queue depths from `depths`, one per read."""

    def __init__(self, depths: list[list[int]], step: float) -> None:
        self._told = depths
        self._step = step
        self.time = 0.0

    def look(self) -> list[int]:
        return self._told.pop(0) if len(self._told) > 1 else self._told[0]

    def now(self) -> float:
        return self.time

    def sleep(self, _seconds: float) -> None:
        self.time += self._step

    def to_the_end(self) -> None:
        await_empty(self.look, now=self.now, sleep=self.sleep)


@given(st.integers(1, 200), st.floats(0.1, STALLED_SECONDS))
def test_it_waits_as_long_as_crawls_make_progress(crawls: int, step: float) -> None:
    wait = Wait([[left, 0] for left in range(crawls, -1, -1)], step)
    wait.to_the_end()
    assert wait.time == pytest.approx(crawls * step)


def test_it_gives_up_on_crawls_without_progress() -> None:
    wait = Wait([[3, 1], [2, 1]], 10)
    with pytest.raises(CommandFailedError, match="3 crawls wait in the queues and none moved"):
        wait.to_the_end()
    assert STALLED_SECONDS < wait.time <= STALLED_SECONDS + 30


def test_an_expired_token_leads_to_a_new_sign_in(tmp_path: Path) -> None:
    person = {"tenant": "harbor", "user": "ada", "time_zone": "UTC", "accounts": {}, "follows": []}
    tokens = iter(["expired", "fresh"])

    def answer(request: httpx2.Request) -> httpx2.Response:
        match request.url.path:
            case "/world/listeners":
                return httpx2.Response(200, json=[person])
            case "/host/harbor/sign-in":
                return httpx2.Response(200, json={"token": next(tokens)})
        fresh = request.headers["authorization"] == "Bearer fresh"
        return httpx2.Response(200 if fresh else 401, json={"songs": []})

    stack = LocalStack(State(tmp_path, "http://w", "http://e", api_urls={"harbor": "http://e/h"}))
    people = People(stack, httpx2.Client(transport=httpx2.MockTransport(answer)))
    assert people.call(people.everyone[0], "GET", "/v1/me/top").status_code == 200


def test_a_failed_task_cancels_the_tasks_started_with_it() -> None:
    begun: list[int] = []

    def task(number: int) -> int:
        begun.append(number)
        if number == 0:
            raise CommandFailedError("no list")
        return number

    with pytest.raises(CommandFailedError, match="no list"):
        at_once(task, range(1_000), Progress(disable=True), "Tasks")
    assert len(begun) < 1_000
