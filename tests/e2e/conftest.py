"""The whole product, deployed on the emulator once for all end-to-end tests."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Page
from rich.progress import Progress

from cli.local_stack.function_logs import save
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.days import Calendar, midnight_after
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.run import Result, run
from tests.e2e.elsewhere import Elsewhere, serving
from tests.e2e.visiting import TENANT, Visitor
from topk.clock import wall_clock

USERS = 8
SEED = 11


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[Elsewhere]:
    """A page of its own server on this machine, whose origin the stack allows."""
    with serving() as site:
        yield site


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, elsewhere: Elsewhere) -> Iterator[LocalStack]:
    folder = tmp_path_factory.mktemp("stack") / "e2e"
    with LocalStack.start(
        folder=folder, users=USERS, seed=SEED, origins=[elsewhere.origin]
    ) as stack:
        yield stack


@pytest.fixture(scope="session")
def week(stack: LocalStack) -> Result:
    """All users have connected, and a week has passed."""
    try:
        return run(stack, Progress(disable=True), begin=midnight_after(wall_clock()))
    finally:
        save(stack)


@pytest.fixture
def people(stack: LocalStack) -> Iterator[People]:
    with httpx2.Client(timeout=30, trust_env=False) as http:
        yield People(stack, http)


@pytest.fixture
def calendar(stack: LocalStack, people: People) -> Calendar:
    return Calendar(stack, people)


@pytest.fixture
def visitor(week: Result, stack: LocalStack, page: Page) -> Visitor:
    assert week.faults == {}
    return Visitor(stack, page)


@pytest.fixture
def members(people: People) -> list[Person]:
    """The users of the tenant whose host app is visited."""
    return [one for one in people.everyone if one.tenant == TENANT]


@pytest.fixture
def follower(members: list[Person]) -> Person:
    """The user who follows the most others."""
    return max(members, key=lambda one: len(one.follows))


@pytest.fixture
def followed(members: list[Person], follower: Person) -> Person:
    return next(one for one in members if one.user == follower.follows[0])
