"""A listener in a browser: reads a provider's consent page and answers it."""

import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.client import HTTPMessage
from typing import IO


class _Form(HTMLParser):
    """The hidden fields of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"] or ""] = found["value"] or ""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Where the browser is sent is the result; nobody serves that address."""

    def http_error_303(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
    ) -> IO[bytes]:
        return fp

    http_error_302 = http_error_303


def answer(url: str, account: str, decision: str = "allow", **choices: str) -> str:
    """The address that the browser is sent to after the decision; empty where it stays.

    `choices` are what else the page lets the listener choose.
    """
    browser = urllib.request.build_opener(_Stay)
    form = _Form()
    with browser.open(url) as page:
        if "location" in page.headers:
            return str(page.headers["location"])
        form.feed(page.read().decode())
    fields = form.fields | {"account": account, "decision": decision} | choices
    with browser.open(url, urllib.parse.urlencode(fields).encode()) as sent:
        return str(sent.headers.get("location", ""))
