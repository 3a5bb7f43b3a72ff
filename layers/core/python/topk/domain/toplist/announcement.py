"""Events about users' lists on a tenant's event bus."""

from dataclasses import dataclass

from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.top_list import TopList


@dataclass(frozen=True, slots=True)
class Announcement:
    """The list of `owner` as others see it; None if it must be deleted by consumers.

    Of two events of one owner, the one with the higher `version` is current.
    """

    owner: Owner
    version: int
    top_list: TopList | None


def announcement(
    owner: Owner, found: TopList, version: int, profile: Profile | None
) -> Announcement | None:
    """The event for a stored list; None if nothing is sent.

    A private list is announced as erased. A list built under older hiding settings is not
    announced, because it is about to be rebuilt. Erasures send their own event.
    """
    if profile is None or profile.erasing:
        return None
    if profile.visibility is Visibility.PRIVATE:
        return Announcement(owner, version, None)
    shown = found.for_others(profile.hidden)
    return Announcement(owner, version, shown) if shown else None
