"""Measures in a real browser how long the widget takes to show the first list."""

import statistics
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from cli.failure import CommandFailedError
from cli.studies.pages.scene import Scene

PATIENCE_MS = 20_000

# docs/integration.md: from the start of the widget's script to the frame after the first list.
_MEASURED = f"""() => new Promise((found, missed) => {{
  const look = (list) => list.getEntriesByName("top-songs:first-list").forEach(
    (entry) => found(entry.duration));
  new PerformanceObserver(look).observe({{ type: "measure", buffered: true }});
  setTimeout(() => missed(new Error("no list")), {PATIENCE_MS});
}})"""

Figures = dict[str, float]
"""Milliseconds: median, least, most."""


def first_lists(
    browser: Browser, scene: Scene, *, times: int, painted: Callable[[int], None]
) -> dict[str, Figures]:
    """Times of `times` first visits with an empty cache, and of a return visit after each.

    `painted` is called with the number of newly finished visits. Raises CommandFailedError if no
    list is shown.
    """
    first: list[float] = []
    again: list[float] = []
    for _ in range(times):
        tab = _signed_in(browser, scene).new_page()
        first.append(_visit(tab, scene))
        again.append(_visit(tab, scene))
        tab.context.close()
        painted(1)
    return {"first_visit": _figures(first), "coming_back": _figures(again)}


def _signed_in(browser: Browser, scene: Scene) -> BrowserContext:
    context = browser.new_context()
    for name, value in scene.session.items():
        context.add_cookies([{"name": name, "value": value, "url": f"{scene.root}/"}])
    return context


def _visit(tab: Page, scene: Scene) -> float:
    try:
        tab.goto(scene.profile)
        return float(tab.evaluate(_MEASURED))
    except PlaywrightError as error:
        raise CommandFailedError(f"the profile shows no list: {error.message}") from error


def _figures(milliseconds: list[float]) -> Figures:
    return {
        "median": round(statistics.median(milliseconds), 1),
        "least": round(min(milliseconds), 1),
        "most": round(max(milliseconds), 1),
    }
