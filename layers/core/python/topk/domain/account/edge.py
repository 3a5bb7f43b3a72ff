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
    """Whether `edge` should exist."""

    edge: Edge
    follows: bool


def last_words(changes: Iterable[EdgeChange]) -> tuple[EdgeChange, ...]:
    """One change for each edge: the last one."""
    return tuple({change.edge: change for change in changes}.values())
