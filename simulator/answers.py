"""JSON and HTML responses."""

from html import escape
from typing import Any

import msgspec
from starlette.responses import HTMLResponse, Response

from simulator.listeners.unreadable import halved

_STYLE = """
:root {
  color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  background: light-dark(#eceef2, #0e0f13); color: light-dark(#17181c, #f2f3f5);
}
body { display: grid; place-items: center; min-height: 100vh; margin: 0; }
main {
  box-sizing: border-box; width: min(26rem, 100vw - 2rem); padding: 2rem; border-radius: 20px;
  background: light-dark(#fff, #191b21); box-shadow: 0 12px 40px rgb(0 0 0 / 12%);
}
h1 { margin: 0 0 .25rem; font-size: 1.5rem; letter-spacing: -.02em; } p { margin: 0 0 1.25rem; }
form { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
label { display: grid; gap: .25rem; grid-column: 1 / -1; font-size: .875rem; }
button, select { font: inherit; padding: .6rem .9rem; border-radius: 10px; }
button { border: 1px solid light-dark(#c9ccd4, #3a3e48); background: none; font-weight: 600; }
button[value=allow] { border-color: #2554c7; background: #2554c7; color: #fff; }
"""


class Json(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return halved(msgspec.json.encode(content))


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A readable page. `body` is HTML, `title` is text."""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<main><h1>{escape(title)}</h1>{body}</main></html>",
        status_code=status,
    )
