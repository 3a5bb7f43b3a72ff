"""What a tenant is told of a user's list, on the tenant's own event bus."""

from dataclasses import dataclass

from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.top_list import TopList


@dataclass(frozen=True, slots=True)
class Announcement:
    """The list of `owner` as others find it; None where nothing of them is told any more.

    Of two of one owner the one with the higher `version` holds.
    """

    owner: Owner
    version: int
    top_list: TopList | None


def announcement(
    owner: Owner, found: TopList, version: int, profile: Profile | None
) -> Announcement | None:
    """What is told of a list as it stands; None for nothing.

    A private list is taken back. Of a list that was made for another choice of what is hidden
    nothing is told: it is about to be made anew. Erasing tells of whoever is being erased.
    """
    if profile is None or profile.erasing:
        return None
    if profile.visibility is Visibility.PRIVATE:
        return Announcement(owner, version, None)
    shown = found.for_others(profile.hidden)
    return Announcement(owner, version, shown) if shown else None
