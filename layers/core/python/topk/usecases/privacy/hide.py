"""An owner keeps songs or providers off their profile, and puts them back."""

from collections.abc import Callable
from contextlib import suppress

from topk.domain.errors import ConflictError, InvalidRequestError, StoreError
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.ports import Profiles, TopLists

Remake = Callable[[], object]
"""Makes the owner's list anew."""


def hide(
    owner: Owner, names: Hidden, *, profiles: Profiles, top_lists: TopLists, remake: Remake
) -> None:
    """Keeps `names` off the profile: on the next read, and until they are put back.

    A song goes with all ids that are the same song in the owner's list, so that it stays hidden
    when plays come or go that join them. Raises InvalidRequestError where too much is hidden, and
    NotVisibleError for an owner who is being erased.
    """
    known = read_profile(owner, profiles=profiles).hidden
    whole = _whole(owner, names, top_lists)
    new = Hidden(whole.songs - known.songs, whole.providers - known.providers)
    if not new:
        return
    profiles.create(owner)
    try:
        profiles.hide(owner, new)
    except ConflictError as error:
        raise InvalidRequestError("hidden", "limit reached") from error
    _remade(remake)


def unhide(
    owner: Owner, names: Hidden, *, profiles: Profiles, top_lists: TopLists, remake: Remake
) -> None:
    """Puts `names` back; repeatable. Raises NotVisibleError as `hide` does."""
    known = read_profile(owner, profiles=profiles).hidden
    whole = _whole(owner, names, top_lists)
    gone = Hidden(whole.songs & known.songs, whole.providers & known.providers)
    if gone:
        profiles.unhide(owner, gone)
        _remade(remake)


def _whole(owner: Owner, names: Hidden, top_lists: TopLists) -> Hidden:
    if not names.songs:
        return names
    found, _ = top_lists.get(owner)
    songs = (song.ids for song in (found.songs if found else ()))
    joined = (ids for ids in songs if not names.songs.isdisjoint(ids))
    return Hidden(names.songs.union(*joined), names.providers)


def _remade(remake: Remake) -> None:
    """At once, so that no viewer has to wait for it; a viewer makes it where this fails."""
    with suppress(StoreError, ConflictError):
        remake()
