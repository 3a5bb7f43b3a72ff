"""Cache-Control of lists.

Owners' lists and lists for followers must not be stored. Shared caches may store a public list
requested without a token. With a token, the response is private, because the owner may block the
viewer.
"""

from typing import Any

import msgspec

from topk.runtime.api import Answer, Request
from topk.runtime.caching import PER_VIEWER, at_edge, tagged
from topk.usecases.lists.read_list import Shown
from topk.usecases.lists.read_top import ShownTops


def kept_by_viewer(request: Request, shown: Shown | ShownTops, body: dict[str, Any]) -> Answer:
    """A response for one viewer, who may store a public list and must revalidate it."""
    if not shown.public or shown.hidden is not None:
        return Answer(body=body)
    return _tagged(request, body, PER_VIEWER)


def kept_at_edge(request: Request, shown: Shown | ShownTops, body: dict[str, Any]) -> Answer:
    """A public response, valid until the owner's day ends."""
    control = at_edge(request.now, shown.time_zone, stale=shown.stale)
    return _tagged(request, body, control)


def _tagged(request: Request, body: dict[str, Any], control: str) -> Answer:
    text = msgspec.json.encode(body).decode()
    return tagged(request, control, text, lambda: text)
