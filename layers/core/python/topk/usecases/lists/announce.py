"""Publish events about changed lists to tenants."""

from collections.abc import Collection, Sequence
from contextlib import suppress

from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.domain.toplist.announcement import announcement
from topk.usecases.ports import Announcements, Profiles, TopLists


def announce(
    owners: Sequence[Owner],
    *,
    top_lists: TopLists,
    profiles: Profiles,
    announcements: Announcements,
) -> Collection[Owner]:
    """Publish the current lists of `owners`; returns the owners that failed.

    Lists are read when they are published: a repeat publishes the same or something newer. Raises
    StoreError if a table fails.
    """
    lists = top_lists.get_many(owners)
    # Read after the lists, so that a version is published under settings at least as new.
    profiles_of = profiles.get_many(owners)
    told = (announcement(owner, *found, profiles_of.get(owner)) for owner, found in lists.items())
    return announcements.send([one for one in told if one])


def announce_anew(owner: Owner, *, top_lists: TopLists) -> None:
    """Publish the list again under the owner's current settings, by rewriting it unchanged.

    On conflict, the other writer's list is published. Raises StoreError.
    """
    found, version = top_lists.get(owner)
    if found:
        with suppress(ConflictError):
            top_lists.put(owner, found, replacing=version)
