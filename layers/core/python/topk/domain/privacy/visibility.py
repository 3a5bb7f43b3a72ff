"""Visibility of lists."""

from dataclasses import dataclass
from enum import StrEnum


class Visibility(StrEnum):
    """The owner's setting. Followers is the default."""

    FOLLOWERS = "followers"
    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Relation:
    """The relation of a viewer to an owner."""

    is_self: bool = False
    follows: bool = False
    blocked: bool = False
    """Either of the two has blocked the other."""


def may_see(visibility: Visibility, relation: Relation) -> bool:
    """Whether a viewer with this relation may see a list of this visibility."""
    if relation.is_self:
        return True
    if relation.blocked or visibility is Visibility.PRIVATE:
        return False
    return visibility is Visibility.PUBLIC or relation.follows
