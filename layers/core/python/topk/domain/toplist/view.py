"""An owner in relation to one viewer."""

from dataclasses import dataclass

from topk.domain.account.person import NOBODY, Person
from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Relation, Visibility, may_see
from topk.domain.toplist.feed_order import FeedOrder
from topk.domain.toplist.top_list import TopList


@dataclass(frozen=True, slots=True)
class View:
    """`profile` is None without connected accounts and settings."""

    owner: Owner
    relation: Relation
    profile: Profile | None
    top_list: TopList | None

    @property
    def allowed(self) -> bool:
        profile = self.profile or _NOBODY
        visible = may_see(profile.visibility, self.relation)
        return visible and not profile.erasing


@dataclass(frozen=True, slots=True)
class Reader:
    """A user who reads their feed. `order` is None if none was computed yet."""

    profile: Profile | None
    order: FeedOrder | None
    person: Person = NOBODY


_NOBODY = Profile(visibility=Visibility.PRIVATE)
"""Only the owner may see an unknown user's list, by the same steps as a private one."""
