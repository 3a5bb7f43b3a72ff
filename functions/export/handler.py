"""Export of the calling user's data, inline or as a link."""

from typing import Any

from functions.export.delivery import deliver
from functions.export.document import members
from functions.export.wiring import Exporting, exporting
from functions.export.writing import written
from topk.runtime.api import Answer, Request, respond
from topk.usecases.privacy.export import Held, export


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return respond(event, _ROUTES, exporting().settings)


def _export_me(request: Request) -> Answer:
    parts = exporting()
    pieces = written(members(_held(request, parts), now=request.now))
    return deliver(request.user, pieces, exports=lambda: parts.exports, now=request.now)


def _held(request: Request, parts: Exporting) -> Held:
    return export(
        request.user,
        profiles=parts.profiles,
        connections=parts.connections,
        provider_users=parts.provider_users,
        timetable=parts.timetable,
        grid=parts.settings.grid,
        handshakes=parts.handshakes,
        tokens=parts.tokens,
        top_lists=parts.top_lists,
        plays=parts.plays,
        follows=parts.follows,
        blocks=parts.blocks,
        now=request.now,
    )


_ROUTES = {"GET /v1/me/export": _export_me}
