"""A user's top list, and the lists of those they follow."""

import base64
from typing import Any

from functions.read.presentation import list_answer
from functions.read.wiring import reading
from topk.domain.errors import InvalidRequestError
from topk.domain.owner import Owner
from topk.domain.toplist import DEPTH
from topk.runtime.api import Answer, Request, respond
from topk.usecases.read_list import read_following, read_list

_K = 10


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return respond(event, _ROUTES, reading().settings)


def _top_of_user(request: Request) -> Answer:
    return _top(request, Owner.of(request.user.tenant, request.path["user_id"]))


def _top_of_me(request: Request) -> Answer:
    return _top(request, request.user)


def _top(request: Request, owner: Owner) -> Answer:
    k = _k(request)
    shown = read_list(
        request.user,
        owner,
        audience=reading().audience,
        refreshing=reading().refreshing,
        now=request.now,
    )
    return Answer(body=list_answer(shown, k))


def _top_of_following(request: Request) -> Answer:
    k = _k(request)
    page = read_following(
        request.user,
        after=_after(request),
        follows=reading().follows,
        audience=reading().audience,
        refreshing=reading().refreshing,
        now=request.now,
    )
    return Answer(
        body={
            "lists": [list_answer(shown, k) for shown in page.lists],
            "cursor": page.cursor and base64.urlsafe_b64encode(page.cursor.encode()).decode(),
        }
    )


def _k(request: Request) -> int:
    text = request.query.get("k", str(_K))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= DEPTH:
        raise InvalidRequestError("k", f"must be a whole number from 1 to {DEPTH}")
    return int(text)


def _after(request: Request) -> str | None:
    cursor = request.query.get("cursor")
    if cursor is None:
        return None
    try:
        user = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
        return Owner.of(request.user.tenant, user).user
    except (ValueError, InvalidRequestError):
        raise InvalidRequestError("cursor", "is not one that this API gave") from None


_ROUTES = {
    "GET /v1/users/{user_id}/top": _top_of_user,
    "GET /v1/me/top": _top_of_me,
    "GET /v1/me/following/top": _top_of_following,
}
