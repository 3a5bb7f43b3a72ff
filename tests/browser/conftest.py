"""One browser and one server for all tests in the browser; a page of its own for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import launched
from tests.browser.double import Double, served

WEB = Path(__file__).parents[2] / "web"
PATIENCE_MS = 15_000

expect.set_options(timeout=PATIENCE_MS)


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 900, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A fresh page; an error in its script fails the test."""
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda told: errors.append(told.text) if "Content Security" in told.text else None,
    )
    yield page
    assert errors == []
