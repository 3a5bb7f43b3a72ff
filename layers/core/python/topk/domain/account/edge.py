"""Bulk changes of follow edges."""

from collections.abc import Iterable
from dataclasses import dataclass

from topk.domain.owner import Owner


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """`follower` follows `followed`, both of the same tenant."""

    follower: Owner
    followed: Owner


@dataclass(frozen=True, slots=True)
class EdgeChange:
    """Whether `edge` should exist.

    With `agreed_at` (epoch seconds), it is an edge on which its users agreed; such a change neither
    replaces nor removes one that the host app set. `takes_over` is set if the host app sets an
    edge on which they had agreed.
    """

    edge: Edge
    follows: bool
    agreed_at: int | None = None
    takes_over: bool = False


def last_words(changes: Iterable[EdgeChange]) -> tuple[EdgeChange, ...]:
    """One change for each edge: the last one."""
    return tuple({change.edge: change for change in changes}.values())
