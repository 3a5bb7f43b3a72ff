"""Follow and block edges. All operations are idempotent and reveal nothing about the other user."""

from topk.domain.errors import InvalidRequestError
from topk.domain.owner import Owner
from topk.usecases.ports import Edges, Profiles


def follow(owner: Owner, other: Owner, *, follows: Edges, profiles: Profiles) -> None:
    _apart(owner, other)
    if follows.add(owner, other):
        profiles.count_followers(other, 1)


def unfollow(owner: Owner, other: Owner, *, follows: Edges, profiles: Profiles) -> None:
    if follows.remove(owner, other):
        profiles.count_followers(other, -1)


def block(owner: Owner, other: Owner, *, blocks: Edges) -> None:
    """Hide both users from each other. Follow edges stay, so that unblocking restores them."""
    _apart(owner, other)
    blocks.add(owner, other)


def unblock(owner: Owner, other: Owner, *, blocks: Edges) -> None:
    blocks.remove(owner, other)


def _apart(owner: Owner, other: Owner) -> None:
    if owner == other:
        raise InvalidRequestError("user_id", "must be another user")
