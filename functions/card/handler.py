"""A public top list as an image, for stories, posts and link previews, and as an embed."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from functions.card.drawing import drawn
from functions.card.looks import LOOKS
from functions.card.oembed import HEIGHT, WIDTH, embed, limited, user_of
from functions.card.raster import RASTERISER, rasterised
from functions.card.sizes import SIZES
from functions.card.wiring import drawing
from topk.domain.errors import InvalidRequestError
from topk.domain.owner import Owner
from topk.runtime.api import Answer, Request, respond
from topk.runtime.caching import EDGE_SECONDS, at_edge, tagged
from topk.runtime.snapshot import prepare
from topk.usecases.lists.read_list import Shown, read_list

_T = TypeVar("_T")


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return respond(event, _ROUTES, drawing().settings, without_token=_ROUTES)


def _svg(request: Request) -> Answer:
    shown, text = _drawn(request)
    return tagged(request, _control(request, shown), text, lambda: text, kind="image/svg+xml")


def _png(request: Request) -> Answer:
    shown, text = _drawn(request)
    return tagged(
        request,
        _control(request, shown),
        f"{RASTERISER}\n{text}",
        lambda: rasterised(text),
        kind="image/png",
    )


def _drawn(request: Request) -> tuple[Shown, str]:
    """The list and its card. Raises InvalidRequestError for an unknown size or look."""
    size, look = _choice(request, "size", SIZES, "link"), _choice(request, "look", LOOKS, "night")
    shown = _public(request, request.path["user_id"])
    return shown, drawn(shown, size, look)


def _choice(request: Request, name: str, choices: Mapping[str, _T], usual: str) -> _T:
    found = choices.get(request.query.get(name, usual))
    if found is None:
        raise InvalidRequestError(name, f"must be one of {', '.join(choices)}")
    return found


def _oembed(request: Request) -> Answer:
    if request.query.get("format", "json") != "json":
        raise InvalidRequestError("format", "must be json")
    width = limited(request.query.get("maxwidth"), WIDTH, "maxwidth")
    height = limited(request.query.get("maxheight"), HEIGHT, "maxheight")
    shown = _public(request, user_of(request.query.get("url", "")))
    found = embed(shown, request.base_url, width=width, height=height, seconds=EDGE_SECONDS)
    text = msgspec.json.encode(found).decode()
    return tagged(request, _control(request, shown), text, lambda: text)


def _public(request: Request, user: str) -> Shown:
    """Raises NotVisibleError unless the list of `user` is public."""
    parts = drawing()
    owner = Owner.of(request.api_of, user)
    return read_list(
        None, owner, visible_lists=parts.visible_lists, refreshing=parts.refreshing, now=request.now
    )


def _control(request: Request, shown: Shown) -> str:
    return at_edge(request.now, shown.top_list.time_zone, stale=shown.stale)


_ROUTES = {
    "GET /v1/users/{user_id}/top.svg": _svg,
    "GET /v1/users/{user_id}/top.png": _png,
    "GET /v1/oembed": _oembed,
}


prepare(drawing)
