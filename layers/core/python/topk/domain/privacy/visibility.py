"""Who may see whose list."""

from dataclasses import dataclass
from enum import StrEnum


class Visibility(StrEnum):
    """What an owner chose. Followers is the default."""

    FOLLOWERS = "followers"
    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Relation:
    """How a viewer stands to an owner."""

    is_self: bool = False
    follows: bool = False
    blocked: bool = False
    """Either of the two has blocked the other."""


def may_see(visibility: Visibility, relation: Relation) -> bool:
    """Whether a viewer so related may see a list of that visibility."""
    if relation.is_self:
        return True
    if relation.blocked or visibility is Visibility.PRIVATE:
        return False
    return visibility is Visibility.PUBLIC or relation.follows
