"""Owners' settings."""

from collections.abc import Callable
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


def update_profile(
    owner: Owner,
    *,
    visibility: Visibility | None,
    time_zone: str | None,
    profiles: Profiles,
    announce: Callable[[Owner], None] | None = None,
) -> Profile:
    """Update the given settings and keep the rest; write nothing if nothing changes.

    `announce` is called for a change of visibility, and again by a retry if it failed. Raises
    InvalidRequestError for an unknown zone.
    """
    known = read_profile(owner, profiles=profiles)
    chosen = replace(known, visibility=visibility or known.visibility)
    if time_zone is not None:
        zone(time_zone)
        chosen = replace(chosen, time_zone=time_zone)
    if announce and chosen.visibility is not known.visibility:
        chosen = replace(chosen, announcing=True)
    if chosen != known or profiles.get(owner) is None:
        profiles.put(owner, chosen)
    if announce and chosen.announcing:
        announce(owner)
        profiles.note_announced(owner)
    return chosen
