"""Follow and block edges. All operations are idempotent and reveal nothing about the other user."""

from topk.domain.account.edge import Edge, EdgeChange
from topk.domain.errors import InvalidRequestError, LimitReachedError
from topk.domain.limits import MOST_BLOCKED, MOST_FOLLOWED
from topk.domain.owner import Owner
from topk.usecases.accounts.change_edges import apply_changes
from topk.usecases.ports import Edges, Graph


def follow(owner: Owner, other: Owner, *, follows: Edges, graph: Graph) -> None:
    """Writes nothing where `owner` follows already.

    Raises LimitReachedError where they follow MOST_FOLLOWED others.
    """
    if _is_new(owner, other, follows, most=MOST_FOLLOWED):
        apply_changes([EdgeChange(Edge(owner, other), follows=True)], graph)


def unfollow(owner: Owner, other: Owner, *, graph: Graph) -> None:
    apply_changes([EdgeChange(Edge(owner, other), follows=False)], graph)


def block(owner: Owner, other: Owner, *, blocks: Edges) -> None:
    """Hide both users from each other. Follow edges stay, so that unblocking restores them.

    Raises LimitReachedError if `owner` blocks MOST_BLOCKED others.
    """
    if _is_new(owner, other, blocks, most=MOST_BLOCKED):
        blocks.add(owner, other)


def unblock(owner: Owner, other: Owner, *, blocks: Edges) -> None:
    blocks.remove(owner, other)


def _is_new(owner: Owner, other: Owner, edges: Edges, *, most: int) -> bool:
    if owner == other:
        raise InvalidRequestError("user_id", "must be another user")
    known, _ = edges.page(owner, after=None, limit=most)
    if other in known:
        return False
    if len(known) >= most:
        raise LimitReachedError("user_id", most)
    return True
