"""Lists were written: their tenants are told how they stand."""

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
    """Tells how the lists of `owners` stand at this moment; returns those of whom it failed.

    Told is what is read, not what was written when: a repeat tells the same or something newer.
    Raises StoreError where a table fails.
    """
    lists = top_lists.get_many(owners)
    # After the lists: whoever is told of a version is told by what was chosen when it was written.
    profiles_of = profiles.get_many(owners)
    told = (announcement(owner, *found, profiles_of.get(owner)) for owner, found in lists.items())
    return announcements.send([one for one in told if one])


def announce_anew(owner: Owner, *, top_lists: TopLists) -> None:
    """Has the list told once more, by what its owner has chosen since: it is written as it stands.

    Where another writer is first, that one's list is told. Raises StoreError.
    """
    found, version = top_lists.get(owner)
    if found:
        with suppress(ConflictError):
            top_lists.put(owner, found, replacing=version)
