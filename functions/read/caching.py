"""Who may keep an answer, and how one is asked for again.

The owner's own lists and those for followers are kept by nobody. A public list is kept by an edge
cache where it was asked for without a token: with one, the answer is for that viewer, whom the
owner may block.
"""

from datetime import timedelta
from hashlib import blake2b
from typing import Any

import msgspec

from topk.domain.window import Window
from topk.runtime.api import Answer, Request
from topk.usecases.read_list import Shown

EDGE_SECONDS = 60
"""For so long at most an edge cache hands on a list that its owner has just hidden. The API itself
answers by what holds at the moment."""


def kept_by_viewer(request: Request, shown: Shown, body: dict[str, Any]) -> Answer:
    """An answer for one viewer: they may keep a public list, but have to ask before each use."""
    if not shown.public or shown.hidden is not None:
        return Answer(body=body)
    return _tagged(request, body, "private, no-cache")


def kept_at_edge(request: Request, shown: Shown, body: dict[str, Any]) -> Answer:
    """An answer for anybody, until the owner's day ends and the list with it."""
    zone = shown.top_list.time_zone
    tomorrow = Window.current(request.now, zone).as_of + timedelta(days=1)
    left = Window.ending(tomorrow, zone).end - request.now
    seconds = 0 if shown.stale else min(EDGE_SECONDS, left)
    return _tagged(request, body, f"public, max-age=0, s-maxage={seconds}, must-revalidate")


def _tagged(request: Request, body: dict[str, Any], control: str) -> Answer:
    text = msgspec.json.encode(body).decode()
    tag = f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": control}
    if _known(request, tag):
        return Answer(304, headers=headers)
    return Answer(body=text, headers=headers)


def _known(request: Request, tag: str) -> bool:
    """Whether the caller has it already (RFC 9110, section 13.1.2: compared weakly)."""
    given = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    return "*" in given or tag in {one.removeprefix("W/") for one in given}
