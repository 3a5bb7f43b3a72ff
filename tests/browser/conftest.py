"""One server for all tests in the browser that need no deployment."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.double import Double, served
from tests.screenshots import shoot_part

WEB = Path(__file__).parents[2] / "web"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in one worker, with the one browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def build() -> Path:
    """The folder with the built elements and pages."""
    if not (WEB / "dist" / "integrity.json").exists():
        pytest.fail("web/dist is missing; make web", pytrace=False)
    return WEB / "dist"


@pytest.fixture(scope="session")
def listening(build: Path) -> Iterator[Double]:
    with served(build) as double:
        yield double


@pytest.fixture
def server(listening: Double) -> Double:
    listening.reset()
    return listening


@pytest.fixture
def picture(request: pytest.FixtureRequest, page: Page) -> Callable[[str], None]:
    """Takes a picture of the widget under a name, where pictures are asked for."""
    folder: Path | None = request.config.getoption("--screenshots")
    return lambda name: shoot_part(page.locator("top-songs"), folder, name)
