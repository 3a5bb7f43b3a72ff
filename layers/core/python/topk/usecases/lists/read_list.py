"""Reading a top list: one's own, another user's, and one's own as others are shown it."""

from contextlib import suppress
from dataclasses import dataclass, replace

from topk.domain.account.alerts import Attention, attention
from topk.domain.account.profile import Profile
from topk.domain.errors import ConflictError, NotVisibleError, StoreError
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Relation, Visibility
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.view import View
from topk.domain.toplist.window import Window
from topk.usecases.crawling.crawl_on_view import ViewCrawls
from topk.usecases.lists.build_list import make_list
from topk.usecases.ports import Audience, Connections, Plays, TopLists


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as it is shown. `stale` is set where it is of an earlier day than today.

    `attention` and `hidden` are for the owner alone, and None for all others; `public` is set
    where anybody may see the list.
    """

    owner: Owner
    top_list: TopList
    stale: bool = False
    attention: tuple[Attention, ...] | None = None
    hidden: Hidden | None = None
    public: bool = False


@dataclass(frozen=True, slots=True)
class Refreshing:
    """What it takes to bring a list up to today while it is read.

    Without `view_crawls` nobody's look asks for a crawl.
    """

    plays: Plays
    connections: Connections
    top_lists: TopLists
    view_crawls: ViewCrawls | None = None


def read_list(
    viewer: Owner | None, owner: Owner, *, audience: Audience, refreshing: Refreshing, now: int
) -> Shown:
    """The list of `owner` as `viewer` may see it; None is anybody.

    Raises NotVisibleError where they may not, or where there is nobody of that name.
    """
    (view,) = audience.views(viewer, [owner])
    return _open(view, refreshing, now)


def preview(
    owner: Owner, relation: Relation, *, audience: Audience, refreshing: Refreshing, now: int
) -> Shown:
    """The owner's list as one who stands so to them is shown it. Raises as `read_list` does."""
    (view,) = audience.views(owner, [owner])
    return _open(replace(view, relation=relation), refreshing, now)


def _open(view: View, refreshing: Refreshing, now: int) -> Shown:
    if not view.allowed:
        raise NotVisibleError("top list")
    shown = show(view, refreshing, now)
    if not view.relation.is_self:
        return shown
    attention = _attention(view.owner, refreshing.connections, now)
    return replace(shown, attention=attention, hidden=(view.profile or Profile()).hidden)


def show(view: View, refreshing: Refreshing, now: int) -> Shown:
    """The stored list where it is of today, else one made from the plays.

    Where that fails an older list is better than none: it is shown, marked stale. Never one that
    was made before the owner hid something.
    """
    profile = view.profile or Profile()
    window = Window.current(now, profile.time_zone)
    ready = for_viewer(view, view.top_list)
    if ready is None or not _current(ready, window):
        try:
            ready = for_viewer(view, _refreshed(view, window, refreshing, now))
        except StoreError:
            if ready is None:
                raise
    if ready is None:
        raise StoreError("top list: hidden songs changed meanwhile")
    public = profile.visibility is Visibility.PUBLIC
    return Shown(view.owner, ready, stale=not ready.covers(window), public=public)


def _refreshed(view: View, window: Window, refreshing: Refreshing, now: int) -> TopList:
    if view.profile is None:
        return TopList((), window.as_of, window.time_zone, Completeness(), Past())
    stored, version = refreshing.top_lists.get(view.owner)
    ready = for_viewer(view, stored)
    if stored and ready and _current(ready, window):
        return stored  # Another read was first.
    connected = refreshing.connections.of_owner(view.owner)
    if refreshing.view_crawls:
        refreshing.view_crawls.ask(connected, much_followed=view.profile.much_followed, now=now)
    found = make_list(
        view.owner,
        window,
        plays=refreshing.plays,
        connected=connected,
        hidden=view.profile.hidden,
        stored=stored,
    )
    with suppress(ConflictError):
        refreshing.top_lists.put(view.owner, found, replacing=version)
    return found


def for_viewer(view: View, found: TopList | None) -> TopList | None:
    """`found` as the viewer may see it: None where it was made before the owner hid something."""
    if found is None or view.relation.is_self:
        return found
    return found.for_others((view.profile or Profile()).hidden)


def _current(found: TopList, window: Window) -> bool:
    return found.covers(window) and found.past is not None


def _attention(owner: Owner, connections: Connections, now: int) -> tuple[Attention, ...]:
    """What the owner has to do; nothing where that cannot be told, which hides no list."""
    with suppress(StoreError):
        found = (attention(one, now=now) for one in connections.of_owner(owner))
        return tuple(one for one in found if one)
    return ()
