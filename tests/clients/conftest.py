"""A small world behind TLS, whose providers do nothing unusual."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from simulator.app import build_world, hosts
from simulator.clock import Clock
from simulator.habits import Habits
from simulator.listeners.population import PROVIDERS
from simulator.world import World
from tests.clients.client import Client
from tests.clients.front import Front

START = 1_790_000_000
Flow = Callable[[list[str]], Client]


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    clock = Clock(tmp_path / "clock.json")
    clock.set(START, running=False)
    return clock


@pytest.fixture
def providers() -> tuple[str, ...]:
    return PROVIDERS


@pytest.fixture
def application(clock: Clock, providers: tuple[str, ...]) -> Starlette:
    return build_world(12, 7, clock, 400, providers=providers, habits=Habits.parse("none"))


@pytest.fixture
def world(application: Starlette) -> World:
    found = application.state.world
    assert isinstance(found, World)
    return found


@pytest.fixture
def front(application: Starlette, tmp_path: Path) -> Iterator[Front]:
    names = [host.name for host in hosts(application.state.world)]
    with Front(application, tmp_path, names) as front:
        yield front


@pytest.fixture
def flow(front: Front, clock: Clock) -> Flow:
    """Makes a client of the command that runs its flow."""
    return lambda command: Client(command, front, clock)
