"""The calling user's settings, follows and blocks; the API description."""

from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec

from functions.account import following
from functions.account.description import describe
from functions.account.graph import tell_edges
from functions.account.hiding import (
    hide_provider,
    hide_song,
    show_hidden,
    show_provider,
    show_song,
)
from functions.account.people import store_people
from functions.account.wiring import accounts
from topk.domain.account.profile import Profile
from topk.domain.limits import LARGEST_BODY, LARGEST_EDGES_BODY, LARGEST_PEOPLE_BODY
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.runtime import cors
from topk.runtime.api import Answer, Request, Route, respond
from topk.runtime.rate_limited import rate_limited
from topk.runtime.snapshot import prepare
from topk.usecases.accounts.update_profile import read_profile, update_profile
from topk.usecases.lists.announce import announce_anew

_LARGEST = {
    "POST /v1/graph/edges": LARGEST_EDGES_BODY,
    "POST /v1/graph/people": LARGEST_PEOPLE_BODY,
}


class _Choice(msgspec.Struct, forbid_unknown_fields=True):
    visibility: Visibility | None = None
    time_zone: str | None = None


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    largest = _LARGEST.get(event["routeKey"], LARGEST_BODY)
    settings = accounts().settings
    return respond(event, _ROUTES, settings, without_token=_PUBLIC, largest_body=largest)


def _preflight(request: Request) -> Answer:
    """For pages of the tenant whose host name was called or, without one, for any page: the
    response to the request itself is readable by pages of the token's tenant alone.
    """
    allowed = cors.preflight(request.headers, accounts().settings.tenant(request.api_of))
    return Answer(HTTPStatus.NO_CONTENT, headers=allowed)


def _show_me(request: Request) -> Answer:
    return _profile(request.user, read_profile(request.user, profiles=accounts().profiles))


def _change_me(request: Request) -> Answer:
    parts, choice = accounts(), request.json(_Choice)
    announces = request.user.tenant in parts.settings.tenants.event_buses
    chosen = update_profile(
        request.user,
        visibility=choice.visibility,
        time_zone=choice.time_zone,
        profiles=parts.profiles,
        announce=partial(announce_anew, top_lists=parts.top_lists) if announces else None,
    )
    return _profile(request.user, chosen)


def _profile(owner: Owner, profile: Profile) -> Answer:
    return Answer(
        body={
            "user_id": owner.user,
            "visibility": profile.visibility,
            "time_zone": profile.time_zone,
            "follows": accounts().follows_of(owner.tenant),
        }
    )


def _limited(route: Route) -> Route:
    return rate_limited(route, lambda: accounts().rate_limit)


_PUBLIC: dict[str, Route] = {"GET /v1/openapi.json": describe, "OPTIONS /{path+}": _preflight}
_ROUTES = {
    **_PUBLIC,
    "GET /v1/me": _show_me,
    "PATCH /v1/me": _limited(_change_me),
    "GET /v1/me/hidden": show_hidden,
    "PUT /v1/me/hidden/songs/{song_id}": _limited(hide_song),
    "DELETE /v1/me/hidden/songs/{song_id}": _limited(show_song),
    "PUT /v1/me/hidden/providers/{provider}": _limited(hide_provider),
    "DELETE /v1/me/hidden/providers/{provider}": _limited(show_provider),
    "GET /v1/me/following/{user_id}": following.show_following,
    "PUT /v1/me/following/{user_id}": _limited(following.follow),
    "DELETE /v1/me/following/{user_id}": _limited(following.unfollow),
    "GET /v1/me/followers": following.list_followers,
    "PUT /v1/me/followers/{user_id}": _limited(following.accept),
    "DELETE /v1/me/followers/{user_id}": _limited(following.remove_follower),
    "GET /v1/me/requests": following.list_requests,
    "DELETE /v1/me/requests/{user_id}": _limited(following.decline),
    "PUT /v1/me/blocks/{user_id}": _limited(following.block),
    "DELETE /v1/me/blocks/{user_id}": _limited(following.unblock),
    "POST /v1/graph/edges": tell_edges,
    "POST /v1/graph/people": store_people,
}


prepare(accounts)
