"""Follow edges as a host app tells them, many at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from topk.domain.owner import Owner


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """`follower` follows `followed`, both of one tenant."""

    follower: Owner
    followed: Owner


@dataclass(frozen=True, slots=True)
class EdgeChange:
    """Whether `edge` is to be there."""

    edge: Edge
    follows: bool


def last_words(changes: Iterable[EdgeChange]) -> tuple[EdgeChange, ...]:
    """One change for each edge: the last one told of it."""
    return tuple({change.edge: change for change in changes}.values())
