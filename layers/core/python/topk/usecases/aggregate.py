"""New plays arrived: the owner's list is made anew from all of them."""

from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.domain.profile import Profile
from topk.domain.ranking import AROUND_SECONDS
from topk.domain.toplist import TopList
from topk.domain.window import Window
from topk.usecases.make_list import make_list
from topk.usecases.ports import Connections, Plays, Profiles, TopLists

_TRIES = 3


def aggregate(
    owner: Owner,
    *,
    plays: Plays,
    connections: Connections,
    profiles: Profiles,
    top_lists: TopLists,
    now: int,
    oldest: int | None = None,
) -> bool:
    """Brings the owner's list up to `now`; returns whether it changed.

    `oldest` is when the oldest chunk was fetched that arrived: where that is before the window, the
    windows before are looked at again.

    Recomputed, never counted up: a repeat changes nothing. The version is read before the plays, so
    that a list made from fewer plays cannot replace one made from more. Raises ConflictError where
    others keep being first.
    """
    for _ in range(_TRIES):
        stored, version = top_lists.get(owner)
        profile = profiles.get(owner) or Profile()
        window = _window(stored, profile, now)
        late = oldest is not None and oldest < window.start - AROUND_SECONDS
        found = make_list(
            owner,
            window,
            plays=plays,
            connected=connections.of_owner(owner),
            hidden=profile.hidden,
            stored=None if late else stored,
        )
        if stored == found:
            return False
        try:
            top_lists.put(owner, found, replacing=version)
        except ConflictError:
            continue
        return True
    raise ConflictError("top list")


def _window(stored: TopList | None, profile: Profile, now: int) -> Window:
    """The current window; that of the stored list where plays arrive after their own day."""
    window = Window.current(now, profile.time_zone)
    if stored and stored.time_zone == window.time_zone and stored.as_of > window.as_of:
        return Window.ending(stored.as_of, window.time_zone)
    return window
