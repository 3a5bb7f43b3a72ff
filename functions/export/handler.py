"""Export of the calling user's data, inline or as a link."""

from typing import Any

from functions.export.delivery import deliver
from functions.export.document import members
from functions.export.wiring import exporting
from functions.export.writing import written
from topk.runtime.api import Answer, Request, respond
from topk.runtime.snapshot import prepare
from topk.usecases.privacy.export import export


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return respond(event, _ROUTES, exporting().settings)


def _export_me(request: Request) -> Answer:
    parts = exporting()
    held = export(request.user, parts.ports, now=request.now)
    pieces = written(members(held, now=request.now))
    return deliver(request.user, pieces, exports=lambda: parts.exports, now=request.now)


_ROUTES = {"GET /v1/me/export": _export_me}


prepare(exporting, clients=["s3"])
