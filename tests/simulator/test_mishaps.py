"""Random, temporary faults of requests."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.habits import Habits
from simulator.providers.mishaps import (
    AT_MOST,
    LONG_WAIT_SECONDS,
    WITHIN_SECONDS,
    Mishaps,
    at_once,
)
from simulator.providers.spotify.spotify import TOO_MANY
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import HISTORY, Developer, bearer


@pytest.fixture
def habits(request: pytest.FixtureRequest) -> Habits:
    return Habits.parse(f"usual,{request.param}")


def only(text: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("habits", [text], indirect=True)


@pytest.fixture
def token(browser: TestClient, world: World) -> str:
    developer, account = Developer(browser, "spotify").register(), world.accounts("spotify")[0]
    developer.decide(account)
    return str(developer.connect(account)["access_token"])


def struck(browser: TestClient, clock: Clock, world: World, hours: int) -> list[Any]:
    """What goes wrong when an account asks eight times in each of some hours."""
    developer, account = Developer(browser, "spotify").register(), world.accounts("spotify")[0]
    developer.decide(account)
    found = []
    for hour in range(hours):
        clock.set(START + hour * WITHIN_SECONDS, running=False)
        header = bearer(developer.connect(account)["access_token"])
        answers = [browser.get(HISTORY, headers=header) for _ in range(8)]
        assert [answer.status_code for answer in answers[AT_MOST:]] == [200] * 6
        found += answers[:AT_MOST]
    return found


@only("14=1")
def test_14_three_bodies_say_429_for_seconds_or_twenty_hours(
    browser: TestClient, clock: Clock, world: World
) -> None:
    answers = struck(browser, clock, world, 30)
    assert {answer.status_code for answer in answers} == {429}
    assert Counter(answer.text for answer in answers).keys() == {
        "Too many requests",
        '{"error":{"status":429,"message":"API rate limit exceeded"}}',
        '{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}',
    }
    waits = [int(answer.headers["retry-after"]) for answer in answers]
    assert LONG_WAIT_SECONDS in waits
    assert min(waits) <= 30
    assert set(waits) <= {LONG_WAIT_SECONDS, *range(1, 31)}


@only("16=1")
def test_16_gateways_fail_in_bursts(browser: TestClient, clock: Clock, world: World) -> None:
    answers = struck(browser, clock, world, 8)
    assert {(answer.status_code, answer.text) for answer in answers} == {
        (502, "Bad gateway."),
        (504, "Gateway timeout"),
    }


@only("16=1")
def test_16_the_access_token_expires_on_a_later_page(browser: TestClient, token: str) -> None:
    path = f"{HISTORY}?before={START}000"
    assert browser.get(path, headers=bearer(token)).status_code == 401
    answer = browser.get(HISTORY, headers=bearer(token))
    assert answer.json() == {"error": {"status": 401, "message": "The access token expired"}}


@only("broken=1")
def test_a_broken_body_is_not_json(browser: TestClient, clock: Clock, world: World) -> None:
    answers = struck(browser, clock, world, 6)
    assert {answer.headers["content-type"].partition(";")[0] for answer in answers} == {
        "application/json",
        "text/html",
    }
    for answer in answers:
        assert answer.status_code == 200
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            answer.json()


@only("error_body=1")
def test_an_error_may_come_with_200(browser: TestClient, token: str) -> None:
    answer = browser.get(HISTORY, headers=bearer(token))
    assert answer.status_code == 200
    assert answer.json().keys() == {"error"}


@only("reset=1")
def test_a_connection_breaks_at_most_twice_an_hour(browser: TestClient, token: str) -> None:
    for _ in range(AT_MOST):
        with pytest.raises(ConnectionResetError):
            browser.get(HISTORY, headers=bearer(token))
    assert browser.get(HISTORY, headers=bearer(token)).status_code == 200


@only("slow=1")
def test_a_slow_response_reports_its_delay_without_waiting(
    browser: TestClient, token: str, lingered: list[float], slept: list[float]
) -> None:
    assert browser.get(HISTORY, headers=bearer(token)).status_code == 200
    assert len(lingered) == 1
    assert 5 <= lingered[0] <= 40
    assert slept == []


@only("14,16,reset,broken,error_body")
def test_the_same_requests_meet_with_the_same_mishaps(
    browser: TestClient, clock: Clock, world: World
) -> None:
    first, again = (
        [mishaps(world, account) for account in world.accounts("spotify")] for _ in range(2)
    )
    assert first == again
    assert any(any(one) for one in first)


def mishaps(world: World, account: str) -> list[int]:
    """The statuses of what strikes the first requests of an account."""
    moments = iter(range(0, 10**9, WITHIN_SECONDS))
    fresh = Mishaps("spotify", world.habits, lambda: next(moments), at_once)

    async def ask() -> list[int]:
        found = [await fresh.answer(account, TOO_MANY, None) for _ in range(40)]
        return [one.status_code if one else 0 for one in found]

    return asyncio.run(ask())
