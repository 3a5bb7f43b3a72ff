"""What holds for every test.

Property tests try the same examples on every run, so that a build that passed passes again;
`HYPOTHESIS_PROFILE=explore make test` looks for new ones. A machine's haste is nowhere asserted.
What waits for the emulator begins first, so that the quick tests run beside it.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cli import tools
from cli.chromium import executable, launched, version
from tests.screenshots import shoot

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

PATIENCE_MS = 60_000

# Before a test module starts Node for the CDK, or loads matplotlib.
tools.use()


def pytest_report_header() -> list[str]:
    """What these tests run with; the installed tools or the system's."""
    node = subprocess.run([tools.node(), "--version"], capture_output=True, text=True, check=True)
    return [
        f"python: {platform.python_version()}, {sys.executable}",
        f"node: {node.stdout.strip()}, {tools.node()}",
        f"browser: {version()}, {executable()}",
    ]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: what is packed at collection differs per process."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("emulator") is None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--screenshots", type=Path, help="Where the tests in the browser put pictures."
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Gone with its module: beside it no other test of the worker could run an event loop."""
    expect.set_options(timeout=PATIENCE_MS)
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
    """A fresh page; an error in its script, or what its policy forbids, fails the test."""
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda told: errors.append(told.text) if "Content Security" in told.text else None,
    )
    yield page
    assert errors == []


@pytest.fixture
def picture(request: pytest.FixtureRequest, page: Page) -> Callable[[str], None]:
    """Takes a picture of the page under a name, where pictures are asked for."""
    folder: Path | None = request.config.getoption("--screenshots")
    return lambda name: shoot(page, folder, name)
