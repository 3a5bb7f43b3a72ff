"""The calling user's settings, follows and blocks; the API description."""

from functools import partial
from typing import Any

import msgspec

from functions.account.description import describe
from functions.account.graph import tell_edges
from functions.account.hiding import (
    hide_provider,
    hide_song,
    show_hidden,
    show_provider,
    show_song,
)
from functions.account.wiring import accounts
from topk.domain.account.profile import Profile
from topk.domain.limits import LARGEST_BODY, LARGEST_EDGES_BODY
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.runtime.api import Answer, Request, Route, respond
from topk.runtime.rate_limited import rate_limited
from topk.runtime.snapshot import prepare
from topk.usecases.accounts.follows import block, follow, unblock, unfollow
from topk.usecases.accounts.update_profile import read_profile, update_profile
from topk.usecases.lists.announce import announce_anew

_LARGEST = {"POST /v1/graph/edges": LARGEST_EDGES_BODY}


class _Choice(msgspec.Struct, forbid_unknown_fields=True):
    visibility: Visibility | None = None
    time_zone: str | None = None


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    largest = _LARGEST.get(event["routeKey"], LARGEST_BODY)
    return respond(event, _ROUTES, accounts().settings, largest_body=largest)


def _show_me(request: Request) -> Answer:
    return _profile(request.user, read_profile(request.user, profiles=accounts().profiles))


def _change_me(request: Request) -> Answer:
    parts, choice = accounts(), request.json(_Choice)
    announces = request.user.tenant in parts.settings.event_buses
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
        }
    )


def _follow(request: Request) -> Answer:
    parts = accounts()
    read_profile(request.user, profiles=parts.profiles)
    follow(request.user, _other(request), follows=parts.follows, graph=parts.graph)
    return Answer(204)


def _unfollow(request: Request) -> Answer:
    read_profile(request.user, profiles=accounts().profiles)
    unfollow(request.user, _other(request), graph=accounts().graph)
    return Answer(204)


def _block(request: Request) -> Answer:
    read_profile(request.user, profiles=accounts().profiles)
    block(request.user, _other(request), blocks=accounts().blocks)
    return Answer(204)


def _unblock(request: Request) -> Answer:
    read_profile(request.user, profiles=accounts().profiles)
    unblock(request.user, _other(request), blocks=accounts().blocks)
    return Answer(204)


def _other(request: Request) -> Owner:
    return Owner.of(request.user.tenant, request.path["user_id"])


def _limited(route: Route) -> Route:
    return rate_limited(route, lambda: accounts().rate_limit)


_ROUTES = {
    "GET /v1/openapi.json": describe,
    "GET /v1/me": _show_me,
    "PATCH /v1/me": _limited(_change_me),
    "GET /v1/me/hidden": show_hidden,
    "PUT /v1/me/hidden/songs/{song_id}": _limited(hide_song),
    "DELETE /v1/me/hidden/songs/{song_id}": _limited(show_song),
    "PUT /v1/me/hidden/providers/{provider}": _limited(hide_provider),
    "DELETE /v1/me/hidden/providers/{provider}": _limited(show_provider),
    "PUT /v1/me/following/{user_id}": _limited(_follow),
    "DELETE /v1/me/following/{user_id}": _limited(_unfollow),
    "PUT /v1/me/blocks/{user_id}": _limited(_block),
    "DELETE /v1/me/blocks/{user_id}": _limited(_unblock),
    "POST /v1/graph/edges": tell_edges,
}


prepare(accounts)
