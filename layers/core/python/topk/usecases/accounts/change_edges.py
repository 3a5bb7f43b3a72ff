"""Bulk changes of follow edges by a host app; each succeeds or fails by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from topk.domain.account.edge import Edge, EdgeChange, last_words
from topk.domain.errors import ConflictError, InvalidRequestError, StoreError
from topk.domain.owner import Owner
from topk.usecases.ports import Graph

BATCH = 50
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A change with user ids of the host app."""

    follower: str
    followed: str
    follows: bool


class Refusal(StrEnum):
    """Why a change was rejected."""

    BAD_FOLLOWER = "bad_follower"
    BAD_FOLLOWED = "bad_followed"
    SAME_USER = "same_user"


@dataclass(frozen=True, slots=True)
class Refused:
    """The rejected change at `index` of the call."""

    index: int
    code: Refusal


@dataclass(frozen=True, slots=True)
class Changed:
    """Numbers of created, removed and unchanged or superseded edges, and the rejected changes."""

    followed: int
    unfollowed: int
    unchanged: int
    refused: tuple[Refused, ...]


def change_edges(tenant: str, told: Sequence[Told], *, graph: Graph) -> Changed:
    """Apply the given changes of `tenant`; the last change of each edge counts. Idempotent.

    Unknown users may follow and be followed. An edge on which its users had agreed becomes the
    host app's and counts as unchanged. Raises StoreError if the whole call has to be
    repeated, of which a part may have been applied.
    """
    changes: list[EdgeChange] = []
    refused: list[Refused] = []
    for index, one in enumerate(told):
        change = _change(tenant, one)
        if isinstance(change, Refusal):
            refused.append(Refused(index, change))
        else:
            changes.append(change)
    last = last_words(changes)
    done = [
        change
        for start in range(0, len(last), BATCH)
        for change in apply_changes(last[start : start + BATCH], graph)
        if not change.takes_over
    ]
    came = sum(change.follows for change in done)
    return Changed(came, len(done) - came, len(changes) - len(done), tuple(refused))


def _change(tenant: str, told: Told) -> EdgeChange | Refusal:
    try:
        follower = Owner.of(tenant, told.follower)
    except InvalidRequestError:
        return Refusal.BAD_FOLLOWER
    try:
        followed = Owner.of(tenant, told.followed)
    except InvalidRequestError:
        return Refusal.BAD_FOLLOWED
    if follower == followed:
        return Refusal.SAME_USER
    return EdgeChange(Edge(follower, followed), told.follows)


def _needed(change: EdgeChange, present: Mapping[Edge, int | None]) -> EdgeChange | None:
    """The change to make where `present` edges exist; None if none is."""
    if change.edge not in present:
        return change if change.follows else None
    agreed_at = present[change.edge]
    if change.follows:
        takes_over = change.agreed_at is None and agreed_at is not None
        return replace(change, takes_over=True) if takes_over else None
    return change if change.agreed_at in {None, agreed_at} else None


def apply_changes(changes: Sequence[EdgeChange], graph: Graph) -> Sequence[EdgeChange]:
    """Apply at most BATCH changes, each edge with its count; return those that were necessary.

    On conflict, the other writer wins. Raises StoreError if that happens repeatedly.
    """
    for _ in range(_TRIES):
        present = graph.present(change.edge for change in changes)
        needed = [one for change in changes if (one := _needed(change, present))]
        try:
            if needed:
                graph.apply(needed)
        except ConflictError:
            continue
        return needed
    raise StoreError("write edges: others keep changing the same")
