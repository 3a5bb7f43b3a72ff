"""A user's top list, and the lists of followed users."""

from typing import Any

from functions.read.caching import kept_at_edge, kept_by_viewer
from functions.read.following import songs_of_following, top_of_following
from functions.read.many import tops
from functions.read.parameters import asked, service_of
from functions.read.presentation import top_answer
from functions.read.wiring import reading
from topk.domain.errors import InvalidRequestError
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Relation
from topk.runtime.api import Answer, Request, Route, respond
from topk.runtime.snapshot import prepare
from topk.usecases.lists.read_list import Shown
from topk.usecases.lists.read_top import Asked, ShownTops, read_top

_VIEWERS = {"follower": Relation(follows=True), "stranger": Relation()}


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return respond(event, _ROUTES, reading().settings, without_token=_PUBLIC)


def _top_of_user(request: Request) -> Answer:
    wanted = asked(request)
    owner = Owner.of(request.user.tenant, request.path["user_id"])
    service = service_of(request)
    shown = _read(request, request.user, owner, wanted)
    return kept_by_viewer(request, shown, top_answer(shown, wanted, service))


def _top_for_anybody(request: Request) -> Answer:
    wanted, service = asked(request), service_of(request)
    # Without a tenant the user does not exist.
    shown = _read(request, None, Owner.of(request.api_of, request.path["user_id"]), wanted)
    return kept_at_edge(request, shown, top_answer(shown, wanted, service))


def _top_of_me(request: Request) -> Answer:
    wanted, service = asked(request), service_of(request)
    shown = _read(request, request.user, request.user, wanted, seen_as=_relation(request))
    return Answer(body=top_answer(shown, wanted, service or shown.person.service))


def _read(
    request: Request,
    viewer: Owner | None,
    owner: Owner,
    wanted: Asked,
    *,
    seen_as: Relation | None = None,
) -> Shown | ShownTops:
    parts = reading()
    return read_top(
        viewer,
        owner,
        wanted,
        visible_lists=parts.visible_lists,
        refreshing=parts.refreshing,
        now=request.now,
        seen_as=seen_as,
    )


def _relation(request: Request) -> Relation | None:
    """The viewer that the caller previews their list as; None for the caller."""
    name = request.query.get("as")
    if name is not None and name not in _VIEWERS:
        raise InvalidRequestError("as", f"must be one of {', '.join(_VIEWERS)}")
    return _VIEWERS[name] if name else None


_PUBLIC: dict[str, Route] = {"GET /v1/public/users/{user_id}/top": _top_for_anybody}
_ROUTES = {
    **_PUBLIC,
    "GET /v1/users/{user_id}/top": _top_of_user,
    "POST /v1/tops": tops,
    "GET /v1/me/top": _top_of_me,
    "GET /v1/me/following/top": top_of_following,
    "GET /v1/me/following/songs": songs_of_following,
}


prepare(reading, clients=["sqs"])
