"""An owner in relation to one viewer."""

from dataclasses import dataclass

from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Relation, may_see
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
        if self.profile is None:
            return self.relation.is_self
        if self.profile.erasing:
            return False
        return may_see(self.profile.visibility, self.relation)
