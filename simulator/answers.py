"""Answers in JSON and in HTML."""

from html import escape
from typing import Any

import msgspec
from starlette.responses import HTMLResponse, Response

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } a { color: inherit; }
form, .row { display: flex; gap: .6rem; align-items: center; flex-wrap: wrap; margin: .6rem 0; }
button, select { font: inherit; padding: .35rem .9rem; border-radius: .5rem; }
ol, ul { padding: 0; list-style: none; } li { padding: .25rem 0; }
img { width: 3rem; height: 3rem; border-radius: .4rem; } small { opacity: .7; }
"""


class Json(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return msgspec.json.encode(content)


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A readable page. `body` is HTML, `title` is text."""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>",
        status_code=status,
    )
