"""A small world on a clock that stands still until a test moves it."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from simulator.app import build_world
from simulator.clock import Clock
from simulator.habits import Habits
from simulator.listeners.population import STREAMING
from simulator.world import World

START = 1_790_000_000
URL = "http://127.0.0.1:8100"


class Wall:
    """Wall time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    clock = Clock(tmp_path / "clock.json")
    clock.set(START, running=False)
    return clock


@pytest.fixture
def slept() -> list[float]:
    """How long the world has kept somebody waiting, in seconds."""
    return []


@pytest.fixture
def service() -> httpx2.AsyncBaseTransport | None:
    """How the host apps reach the service's API."""
    return None


@pytest.fixture
def habits() -> Habits | None:
    """What the providers do; a test module may say otherwise."""
    return None


@pytest.fixture
def providers() -> tuple[str, ...]:
    return STREAMING


@pytest.fixture
def lingered() -> list[float]:
    """How long answers took in the world's own time, in seconds."""
    return []


@pytest.fixture
def application(
    clock: Clock,
    wall: Wall,
    slept: list[float],
    lingered: list[float],
    service: httpx2.AsyncBaseTransport | None,
    habits: Habits | None,
    providers: tuple[str, ...],
) -> Starlette:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def linger(seconds: float) -> None:
        lingered.append(seconds)

    return build_world(
        12,
        7,
        clock,
        400,
        providers=providers,
        wall=wall,
        sleep=sleep,
        linger=linger,
        service=service,
        habits=habits,
    )


@pytest.fixture
def world(application: Starlette) -> World:
    found = application.state.world
    assert isinstance(found, World)
    return found


@pytest.fixture
def browser(application: Starlette) -> Iterator[TestClient]:
    """Follows no redirect by itself: where it is sent is what the tests look at."""
    with TestClient(application, base_url=URL, follow_redirects=False) as client:
        yield client
