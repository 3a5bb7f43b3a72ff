"""Owners' settings."""

from dataclasses import replace

from topk.domain.account.profile import Profile
from topk.domain.errors import NotVisibleError
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.window import zone
from topk.usecases.ports import Profiles


def read_profile(owner: Owner, *, profiles: Profiles) -> Profile:
    """Raises NotVisibleError for an owner who is being erased."""
    found = profiles.get(owner) or Profile()
    if found.erasing:
        raise NotVisibleError("profile")
    return found


def choose(
    owner: Owner,
    *,
    visibility: Visibility | None,
    time_zone: str | None,
    profiles: Profiles,
) -> Profile:
    """Update the given settings and keep the rest. Raises InvalidRequestError for an unknown
    zone.
    """
    chosen = read_profile(owner, profiles=profiles)
    if visibility is not None:
        chosen = replace(chosen, visibility=visibility)
    if time_zone is not None:
        zone(time_zone)
        chosen = replace(chosen, time_zone=time_zone)
    profiles.put(owner, chosen)
    return chosen
