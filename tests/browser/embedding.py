"""Pages of a host that embeds the elements, and queries on them."""

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.double import Double

Picture = Callable[[str], None]
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TOKENS = ("not-a-real-token-1", "not-a-real-token-2", "not-a-real-token-3")
FRAME = """<!doctype html>
<html lang="{language}" dir="{direction}"><meta charset="utf-8"><title>A host</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<style>html {{ color-scheme: light dark; background: light-dark(#f5f5f7, #0d0e11) }}
body {{ margin: 16px }}</style>
<script>
window.fired = [];
for (const name of ["load", "error", "select", "state"]) {{
  addEventListener("top-songs-" + name, (event) => fired.push([name, event.detail]));
}}
</script>
<script type="module" src="/embed/{script}.js"></script>
<main><h1>A host</h1>{content}</main>{after}</html>
"""
GIVE_TOKENS = """<script>
const tokens = %s;
window.handedOut = [];
document.querySelector("%s").getToken = async ({ fresh }) => {
  handedOut.push(fresh);
  return tokens[Math.min(handedOut.length, tokens.length) - 1];
};
</script>"""


def embed(
    server: Double,
    page: Page,
    *,
    element: str = "top-songs",
    script: str = "top-songs",
    inside: str = "",
    tokens: bool = False,
    language: str = "en",
    direction: str = "ltr",
    path: str = "/host",
    **attributes: str,
) -> Locator:
    """Opens a page with `element` in it; `tokens` gives it a host that hands out tokens."""
    markup = "".join(
        f' {name.replace("_", "-")}="{escape(value)}"'
        for name, value in ({"api": server.address} | attributes).items()
    )
    content = f"<{element}{markup}>{inside}</{element}>"
    after = GIVE_TOKENS % (list(TOKENS), element) if tokens else ""
    html = FRAME.format(
        language=language, direction=direction, script=script, content=content, after=after
    )
    page.goto(server.page(path, html))
    return page.locator(element)


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page, shadow trees included."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Mapping[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def fired(page: Page, name: str) -> list[Any]:
    """The details of the events `top-songs-<name>` so far."""
    every = page.evaluate("fired")
    return [detail for event, detail in every if event == name]
