"""Hide songs or providers, and show them again."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from topk.domain.errors import ConflictError, LimitReachedError, StoreError
from topk.domain.limits import MOST_HIDDEN_PROVIDERS, MOST_HIDDEN_SONGS
from topk.domain.owner import Owner
from topk.domain.play import plays_of
from topk.domain.privacy.hidden import Hidden
from topk.domain.song.marks import SongMark, marked
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.ports import HidingPlays, Profiles, TopLists

Remake = Callable[[], object]
"""Rebuilds the owner's list."""


@dataclass(frozen=True, slots=True)
class Hiding:
    """Dependencies."""

    plays: HidingPlays
    profiles: Profiles
    top_lists: TopLists
    remake: Remake


def hide(owner: Owner, names: Hidden, *, using: Hiding, now: int) -> None:
    """Hide `names` from others, from the next read on.

    A song is hidden under all its ids in the owner's list, so that it stays hidden when plays that
    join the ids appear or disappear, and its spelling is kept, so that it stays hidden under a
    later rule of identity. Raises LimitReachedError at the limit, and NotVisibleError for an owner
    who is being erased.
    """
    known = read_profile(owner, profiles=using.profiles).hidden
    whole = _whole(owner, names, using.top_lists)
    new = Hidden(whole.songs - known.songs, whole.providers - known.providers)
    if not new:
        return
    using.profiles.create(owner)
    using.plays.name_hidden(owner, _marks(owner, new, using.plays), now=now)
    try:
        using.profiles.hide(owner, new)
    except ConflictError as error:
        using.plays.forget_hidden(owner, new.songs)
        most = MOST_HIDDEN_SONGS if new.songs else MOST_HIDDEN_PROVIDERS
        raise LimitReachedError("hidden", most) from error
    _remade(using.remake)


def unhide(owner: Owner, names: Hidden, *, using: Hiding) -> None:
    """Show `names` again. Idempotent. Raises NotVisibleError as `hide` does."""
    known = read_profile(owner, profiles=using.profiles).hidden
    whole = _whole(owner, names, using.top_lists)
    if whole.songs:
        marks = using.plays.hidden(owner)
        former = (mark.ids for mark in marks if not mark.current().isdisjoint(whole.songs))
        whole = Hidden(whole.songs.union(*former), whole.providers)
    gone = Hidden(whole.songs & known.songs, whole.providers & known.providers)
    if gone:
        using.profiles.unhide(owner, gone)
        using.plays.forget_hidden(owner, whole.songs)
        _remade(using.remake)


def migrate_hidden(owner: Owner, *, plays: HidingPlays, profiles: Profiles) -> bool:
    """Hide the owner's hidden songs under the ids of today's rule too; whether any were missing.

    Lists hide them anyway, so that this may fail at the limit: it lets the owner's own list say
    which songs are hidden.
    """
    hidden = read_profile(owner, profiles=profiles).hidden.songs
    if not hidden:
        return False
    marks = [mark for mark in plays.hidden(owner) if not hidden.isdisjoint(mark.ids)]
    new = frozenset[str]().union(*(mark.current() for mark in marks)) - hidden
    if new:
        with suppress(ConflictError):
            profiles.hide(owner, Hidden(new))
    return bool(new)


def _marks(owner: Owner, names: Hidden, plays: HidingPlays) -> list[SongMark]:
    if not names.songs:
        return []
    tracks = {play.track for play in plays_of(plays.all(owner))}
    mark = marked(sorted(names.songs), tracks)
    return [mark] if mark.names else []


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
