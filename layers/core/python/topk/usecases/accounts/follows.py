"""Following by the tenant's rule, and blocking. All operations are idempotent.

A user who is blocked, is being erased or does not exist is the same NotVisibleError. What the host
app set is not changed by users; a block keeps it without effect.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from topk.domain.account.edge import Edge, EdgeChange
from topk.domain.account.following import FollowRequest, Follows, FollowState, Pair
from topk.domain.errors import (
    InvalidRequestError,
    LimitReachedError,
    NotAllowedError,
    NotVisibleError,
)
from topk.domain.limits import MOST_BLOCKED, MOST_FOLLOWED, MOST_REQUESTS
from topk.domain.owner import Owner
from topk.usecases.accounts.change_edges import apply_changes
from topk.usecases.ports import Edges, FollowRequests, Graph, NotedBlocks, Pairs

PAGE = 20


@dataclass(frozen=True, slots=True)
class Following:
    """`rule` is the caller's tenant's; `now` in epoch seconds."""

    rule: Follows
    follows: Edges
    requests: FollowRequests
    pairs: Pairs
    graph: Graph
    now: int

    def pair(self, edge: Edge) -> Pair:
        (found,) = self.pairs.of([edge], now=self.now)
        return found


@dataclass(frozen=True, slots=True)
class Follower:
    """`since` is when both agreed (epoch seconds); None if the host app set it."""

    user: str
    since: int | None


@dataclass(frozen=True, slots=True)
class Followers:
    """A page; `cursor` is the user id after which the next one starts, None on the last."""

    followers: tuple[Follower, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Requests:
    """A page of the requests to a user. All of their own are on the first page."""

    received: tuple[FollowRequest, ...]
    sent: tuple[FollowRequest, ...]
    cursor: str | None


def follow(owner: Owner, other: Owner, parts: Following) -> FollowState:
    """Ask `other`, or follow them at once if the rule is OPEN; write nothing if that is done.

    Raises NotAllowedError if only the host app decides, NotVisibleError if `other` cannot be
    followed, and LimitReachedError above MOST_FOLLOWED or MOST_REQUESTS.
    """
    _users_decide(parts)
    _must_differ(owner, other)
    pair = parts.pair(Edge(owner, other))
    if pair.follows and not pair.hidden:
        return FollowState.FOLLOWING
    if not pair.may_be_followed(parts.rule):
        raise NotVisibleError("user")
    if pair.state is FollowState.REQUESTED and parts.rule is Follows.REQUEST:
        return FollowState.REQUESTED
    _must_have_room(owner, parts)
    if parts.rule is Follows.OPEN:
        apply_changes([EdgeChange(pair.edge, follows=True, agreed_at=parts.now)], parts.graph)
        return FollowState.FOLLOWING
    if pair.request is None and len(parts.requests.sent(owner, now=parts.now)) >= MOST_REQUESTS:
        raise LimitReachedError("user_id", MOST_REQUESTS)
    parts.requests.ask(pair.edge, now=parts.now)
    return FollowState.REQUESTED


def follow_state(owner: Owner, other: Owner, parts: Following) -> FollowState:
    """Raises NotVisibleError if `owner` neither follows `other` nor could."""
    _must_differ(owner, other)
    pair = parts.pair(Edge(owner, other))
    if pair.hidden or not (pair.follows or pair.may_be_followed(parts.rule)):
        raise NotVisibleError("user")
    return pair.state


def unfollow(owner: Owner, other: Owner, parts: Following) -> None:
    """Stop following or asking. Raises NotAllowedError for an edge that the host app set."""
    _users_decide(parts)
    pair = parts.pair(Edge(owner, other))
    _remove(pair, parts)
    if pair.request and not pair.request.withdrawn:
        parts.requests.withdraw(pair.edge)


def accept(owner: Owner, asker: Owner, parts: Following) -> None:
    """Let `asker`, who asked, follow `owner`.

    Raises NotVisibleError without a request, NotAllowedError if only the host app decides, and
    LimitReachedError if the asker follows MOST_FOLLOWED others.
    """
    _users_decide(parts)
    pair = parts.pair(Edge(asker, owner))
    asked = pair.request is not None and not pair.request.withdrawn
    if pair.blocked or not (asked or pair.follows):
        raise NotVisibleError("request")
    if not pair.follows:
        _must_have_room(asker, parts)
        apply_changes([EdgeChange(pair.edge, follows=True, agreed_at=parts.now)], parts.graph)
    if asked:
        parts.requests.remove(pair.edge)


def decline(owner: Owner, asker: Owner, parts: Following) -> None:
    """The asker does not learn of it, and cannot ask again before the request expires."""
    pair = parts.pair(Edge(asker, owner))
    if pair.request and pair.request.pending:
        parts.requests.decline(pair.edge)


def remove_follower(owner: Owner, follower: Owner, parts: Following) -> None:
    """Raises NotAllowedError for an edge that the host app set; blocking helps there."""
    _users_decide(parts)
    _remove(parts.pair(Edge(follower, owner)), parts)


def followers(owner: Owner, *, after: str | None, parts: Following) -> Followers:
    """A page of those who follow `owner`, without those that either has blocked. It can be short,
    because the index is eventually consistent.
    """
    found, cursor = parts.follows.page_to(owner, after=after, limit=PAGE)
    pairs = _to(owner, found, parts)
    return Followers(
        tuple(
            Follower(pair.edge.follower.user, pair.agreed_at)
            for pair in pairs
            if pair.follows and not pair.blocked
        ),
        cursor,
    )


def requests(owner: Owner, *, after: str | None, parts: Following) -> Requests:
    """The undecided requests to `owner`, and those of `owner` that they have not withdrawn."""
    found, cursor = parts.requests.received(owner, after=after, limit=PAGE)
    asked = [pair.request for pair in _to(owner, found, parts) if not pair.blocked]
    sent = [] if after else parts.requests.sent(owner, now=parts.now)
    return Requests(
        tuple(one for one in asked if one and one.pending),
        tuple(one for one in sent if not one.withdrawn),
        cursor,
    )


def block(
    owner: Owner, other: Owner, *, blocks: Edges, profiles: NotedBlocks, parts: Following
) -> None:
    """Hide both users from each other and end what they had agreed on or asked. Processes that keep
    the list of a much-followed one learn of it by their profile.

    Raises LimitReachedError if `owner` blocks MOST_BLOCKED others.
    """
    _must_differ(owner, other)
    known, _ = blocks.page(owner, after=None, limit=MOST_BLOCKED)
    if other not in known:
        if len(known) >= MOST_BLOCKED:
            raise LimitReachedError("user_id", MOST_BLOCKED)
        blocks.add(owner, other)
    pairs = parts.pairs.of([Edge(owner, other), Edge(other, owner)], now=parts.now)
    for pair in pairs:
        if pair.profile and pair.profile.much_followed:
            profiles.note_block(pair.edge.followed, now=parts.now)
    ended = [
        EdgeChange(pair.edge, follows=False, agreed_at=pair.agreed_at)
        for pair in pairs
        if pair.agreed_at is not None
    ]
    apply_changes(ended, parts.graph)
    for pair in pairs:
        if pair.request:
            parts.requests.remove(pair.edge)


def unblock(owner: Owner, other: Owner, *, blocks: Edges) -> None:
    """What the block ended stays ended."""
    blocks.remove(owner, other)


def _remove(pair: Pair, parts: Following) -> None:
    if pair.set_by_host:
        raise NotAllowedError("the host app set this edge")
    if pair.agreed_at is not None:
        change = EdgeChange(pair.edge, follows=False, agreed_at=pair.agreed_at)
        apply_changes([change], parts.graph)


def _to(owner: Owner, others: Iterable[Owner], parts: Following) -> list[Pair]:
    edges = [Edge(other, owner) for other in others]
    return parts.pairs.of(edges, now=parts.now) if edges else []


def _users_decide(parts: Following) -> None:
    if parts.rule is Follows.HOST:
        raise NotAllowedError("the host app sets follows")


def _must_have_room(owner: Owner, parts: Following) -> None:
    known, _ = parts.follows.page(owner, after=None, limit=MOST_FOLLOWED)
    if len(known) >= MOST_FOLLOWED:
        raise LimitReachedError("user_id", MOST_FOLLOWED)


def _must_differ(owner: Owner, other: Owner) -> None:
    if owner == other:
        raise InvalidRequestError("user_id", "must be another user")
