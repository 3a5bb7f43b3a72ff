"""Follows, followers, requests and blocks of the calling user."""

from typing import Any

from functions.account.wiring import accounts
from topk.domain.account.following import FollowRequest, FollowState
from topk.domain.errors import InvalidRequestError
from topk.domain.owner import Owner
from topk.runtime.api import Answer, Request
from topk.usecases.accounts import follows
from topk.usecases.accounts.follows import Following
from topk.usecases.accounts.update_profile import read_profile


def follow(request: Request) -> Answer:
    state = follows.follow(_me(request), _other(request), _parts(request))
    if state is FollowState.REQUESTED:
        return Answer(202, {"state": state})
    return Answer(204)


def show_following(request: Request) -> Answer:
    state = follows.follow_state(_me(request), _other(request), _parts(request))
    return Answer(body={"state": state})


def unfollow(request: Request) -> Answer:
    follows.unfollow(_me(request), _other(request), _parts(request))
    return Answer(204)


def list_followers(request: Request) -> Answer:
    page = follows.followers(_me(request), after=_after(request), parts=_parts(request))
    told = [{"user_id": one.user, "since": one.since} for one in page.followers]
    return Answer(body={"followers": told, "cursor": page.cursor})


def accept(request: Request) -> Answer:
    follows.accept(_me(request), _other(request), _parts(request))
    return Answer(204)


def remove_follower(request: Request) -> Answer:
    follows.remove_follower(_me(request), _other(request), _parts(request))
    return Answer(204)


def list_requests(request: Request) -> Answer:
    page = follows.requests(_me(request), after=_after(request), parts=_parts(request))
    return Answer(
        body={
            "received": [_request(one, one.edge.follower) for one in page.received],
            "sent": [_request(one, one.edge.followed) for one in page.sent],
            "cursor": page.cursor,
        }
    )


def decline(request: Request) -> Answer:
    follows.decline(_me(request), _other(request), _parts(request))
    return Answer(204)


def block(request: Request) -> Answer:
    parts = _parts(request)
    found = accounts()
    follows.block(
        _me(request), _other(request), blocks=found.blocks, profiles=found.profiles, parts=parts
    )
    return Answer(204)


def unblock(request: Request) -> Answer:
    follows.unblock(_me(request), _other(request), blocks=accounts().blocks)
    return Answer(204)


def _request(asked: FollowRequest, other: Owner) -> dict[str, Any]:
    return {"user_id": other.user, "asked_at": asked.asked_at}


def _parts(request: Request) -> Following:
    found = accounts()
    return Following(
        rule=found.follows_of(request.user.tenant),
        follows=found.follows,
        requests=found.requests,
        pairs=found.pairs,
        graph=found.graph,
        now=request.now,
    )


def _me(request: Request) -> Owner:
    """Raises NotVisibleError for a user who is being erased."""
    read_profile(request.user, profiles=accounts().profiles)
    return request.user


def _other(request: Request) -> Owner:
    return Owner.of(request.user.tenant, request.path["user_id"])


def _after(request: Request) -> str | None:
    given = request.query.get("cursor")
    if given is None:
        return None
    try:
        return Owner.of(request.user.tenant, given).user
    except InvalidRequestError:
        raise InvalidRequestError("cursor", "is not a cursor of this API") from None
