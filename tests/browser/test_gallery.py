"""The list in every state, as `make gallery` shows it: accessible, and inside its frame."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WEB
from tests.browser.double import Double, served
from tests.browser.embedding import violations
from tests.screenshots import shoot

OVERFLOWING = """[...document.querySelectorAll("top-songs")].filter((list) => {
  const frame = list.shadowRoot.querySelector(".frame").getBoundingClientRect();
  const parts = list.shadowRoot.querySelectorAll(
    "li :is(.title, .by, .plays, .story, .cover, .place)",
  );
  return [...parts].some((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width > 0 && (left < frame.left - 1 || right > frame.right + 1);
  });
}).map((list) => list.previousElementSibling.textContent)"""
STATES = "[...document.querySelectorAll('top-songs')].map((list) => list.state)"


@pytest.fixture(scope="module")
def gallery(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Double]:
    folder = tmp_path_factory.mktemp("gallery")
    shutil.copytree(WEB / "gallery", folder, dirs_exist_ok=True)
    shutil.copytree(build / "embed", folder / "embed", ignore=shutil.ignore_patterns("*.tgz"))
    with served(folder) as double:
        yield double


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_is_accessible_and_stays_in_its_frame(
    gallery: Double, page: Page, scheme: Any, width: int, request: pytest.FixtureRequest
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{gallery.address}/index.html")
    expect(page.get_by_text("Your first plays are being read")).to_be_visible()
    expect(page.get_by_role("heading", name="今週よく聴いた曲")).to_be_visible()
    assert page.title() == "Every state of the list"
    assert page.evaluate(OVERFLOWING) == []
    assert {"list", "empty", "not-available", "down", "limited", "unreadable"} <= set(
        page.evaluate(STATES)
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    if width == 1280:
        shoot(page, request.config.getoption("--screenshots"), f"gallery-{scheme}")
