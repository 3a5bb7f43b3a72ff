"""A person who uses no mouse."""

from playwright.sync_api import Locator, Page

MOST_STOPS = 80

_HAS_FOCUS = "element => element.matches(':focus')"
# Of what has the focus, within however many shadow trees; a ring may be drawn around its row.
_RING = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const styles = ["", "::after"].map((part) => getComputedStyle(at, part));
  const ring = (style) => style.outlineStyle !== "none" && style.outlineWidth !== "0px";
  return at === document.body || styles.some(ring) ? "" : at.outerHTML.slice(0, 120);
}"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self._page = page

    def reach(self, goal: Locator) -> None:
        """Tabs to `goal`. Every stop on the way must show the focus."""
        for _ in range(MOST_STOPS):
            self._page.keyboard.press("Tab")
            assert self._page.evaluate(_RING) == "", "has the focus and does not show it"
            if goal.evaluate(_HAS_FOCUS):
                return
        raise AssertionError(f"{goal} is not reached within {MOST_STOPS} stops")

    def choose(self, goal: Locator) -> None:
        """Tabs to `goal` and presses Enter."""
        self.reach(goal)
        self.press("Enter")

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)
