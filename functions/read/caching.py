"""Who may keep an answer.

The owner's own lists and those for followers are kept by nobody. A public list is kept by an edge
cache where it was asked for without a token: with one, the answer is for that viewer, whom the
owner may block.
"""

from typing import Any

import msgspec

from topk.runtime.api import Answer, Request
from topk.runtime.caching import PER_VIEWER, at_edge, tagged
from topk.usecases.lists.read_list import Shown


def kept_by_viewer(request: Request, shown: Shown, body: dict[str, Any]) -> Answer:
    """An answer for one viewer: they may keep a public list, but have to ask before each use."""
    if not shown.public or shown.hidden is not None:
        return Answer(body=body)
    return _tagged(request, body, PER_VIEWER)


def kept_at_edge(request: Request, shown: Shown, body: dict[str, Any]) -> Answer:
    """An answer for anybody, until the owner's day ends and the list with it."""
    control = at_edge(request.now, shown.top_list.time_zone, stale=shown.stale)
    return _tagged(request, body, control)


def _tagged(request: Request, body: dict[str, Any], control: str) -> Answer:
    text = msgspec.json.encode(body).decode()
    return tagged(request, control, text, lambda: text)
