"""A public top list as an image, for stories and link previews."""

from typing import Any

from functions.card.drawing import drawn
from functions.card.raster import RASTERISER, rasterised
from functions.card.sizes import SIZES, Size
from functions.card.wiring import drawing
from topk.domain.errors import InvalidRequestError
from topk.domain.owner import Owner
from topk.runtime.api import Answer, Request, respond
from topk.runtime.caching import at_edge, tagged
from topk.runtime.snapshot import prepare
from topk.usecases.lists.read_list import Shown, read_list


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return respond(event, _ROUTES, drawing().settings, without_token=_ROUTES)


def _svg(request: Request) -> Answer:
    size = _size(request)
    shown = _public(request)
    text = drawn(shown, size)
    return tagged(request, _control(request, shown), text, lambda: text, kind="image/svg+xml")


def _png(request: Request) -> Answer:
    size = _size(request)
    shown = _public(request)
    text = drawn(shown, size)
    return tagged(
        request,
        _control(request, shown),
        f"{RASTERISER}\n{text}",
        lambda: rasterised(text),
        kind="image/png",
    )


def _size(request: Request) -> Size:
    """Raises InvalidRequestError for an unknown size."""
    found = SIZES.get(request.query.get("size", "link"))
    if found is None:
        raise InvalidRequestError("size", f"must be one of {', '.join(SIZES)}")
    return found


def _public(request: Request) -> Shown:
    """Raises NotVisibleError unless the list is public."""
    parts = drawing()
    owner = Owner.of(request.api_of, request.path["user_id"])
    return read_list(
        None, owner, visible_lists=parts.visible_lists, refreshing=parts.refreshing, now=request.now
    )


def _control(request: Request, shown: Shown) -> str:
    return at_edge(request.now, shown.top_list.time_zone, stale=shown.stale)


_ROUTES = {
    "GET /v1/users/{user_id}/top.svg": _svg,
    "GET /v1/users/{user_id}/top.png": _png,
}


prepare(drawing)
