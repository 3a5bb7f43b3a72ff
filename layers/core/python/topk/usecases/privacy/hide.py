"""Hide songs or providers, and show them again."""

from collections.abc import Callable
from contextlib import suppress

from topk.domain.errors import ConflictError, LimitReachedError, StoreError
from topk.domain.limits import MOST_HIDDEN_PROVIDERS, MOST_HIDDEN_SONGS
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.ports import Profiles, TopLists

Remake = Callable[[], object]
"""Rebuilds the owner's list."""


def hide(
    owner: Owner, names: Hidden, *, profiles: Profiles, top_lists: TopLists, remake: Remake
) -> None:
    """Hide `names` from others, from the next read on.

    A song is hidden under all its ids in the owner's list, so that it stays hidden when plays that
    join the ids appear or disappear. Raises LimitReachedError at the limit, and NotVisibleError
    for an owner who is being erased.
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
        most = MOST_HIDDEN_SONGS if new.songs else MOST_HIDDEN_PROVIDERS
        raise LimitReachedError("hidden", most) from error
    _remade(remake)


def unhide(
    owner: Owner, names: Hidden, *, profiles: Profiles, top_lists: TopLists, remake: Remake
) -> None:
    """Show `names` again. Idempotent. Raises NotVisibleError as `hide` does."""
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
    """Rebuilt at once, so that no viewer waits; if it fails, the next view rebuilds it."""
    with suppress(StoreError, ConflictError):
        remake()
