"""Read the list of seven days that is kept for each owner."""

from contextlib import suppress
from dataclasses import dataclass, replace

from topk.domain.account.alerts import AccountAlert, alert_of
from topk.domain.account.person import NOBODY, Person
from topk.domain.account.profile import Profile
from topk.domain.errors import ConflictError, NotVisibleError, OverBudgetError, StoreError
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.view import View
from topk.domain.toplist.window import Window
from topk.usecases.crawling.crawl_on_view import CrawlOnView
from topk.usecases.lists.build_list import build_list
from topk.usecases.ports import Connections, LongPlays, TopLists, VisibleLists


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as shown. `stale` is set if it was built for an earlier day.

    `alerts` and `hidden` are for the owner only and otherwise None; `public` is set if anyone
    may see the list. `person` is who the owner is.
    """

    owner: Owner
    top_list: TopList
    stale: bool = False
    alerts: tuple[AccountAlert, ...] | None = None
    hidden: Hidden | None = None
    public: bool = False
    person: Person = NOBODY

    @property
    def time_zone(self) -> str:
        return self.top_list.time_zone


@dataclass(frozen=True, slots=True)
class Refreshing:
    """Dependencies for rebuilding a list during a read.

    Without `crawl_on_view`, views request no crawls.
    """

    plays: LongPlays
    connections: Connections
    top_lists: TopLists
    crawl_on_view: CrawlOnView | None = None


def read_list(
    viewer: Owner | None,
    owner: Owner,
    *,
    visible_lists: VisibleLists,
    refreshing: Refreshing,
    now: int,
) -> Shown:
    """The list of `owner` as `viewer` may see it; None is an anonymous viewer.

    Raises NotVisibleError if the viewer may not see it or the owner does not exist.
    """
    (view,) = visible_lists.views(viewer, [owner])
    return open_list(view, refreshing, now)


def open_list(view: View, refreshing: Refreshing, now: int) -> Shown:
    """The list of `view`. Raises NotVisibleError if its viewer may not see it."""
    if not view.allowed:
        raise NotVisibleError("top list")
    shown = show(view, refreshing, now)
    if not view.relation.is_self:
        return shown
    alerts = alerts_of(view.owner, refreshing.connections, now)
    return replace(shown, alerts=alerts, hidden=(view.profile or Profile()).hidden)


def show(view: View, refreshing: Refreshing, now: int) -> Shown:
    """The stored list if it is of today, otherwise a rebuilt one.

    If rebuilding fails, the old list is shown and marked stale, unless it was built before the
    owner hid something.
    """
    profile = view.profile or Profile()
    window = Window.current(now, profile.time_zone)
    ready = for_viewer(view, view.top_list)
    if ready is None or not _current(ready, window):
        try:
            ready = for_viewer(view, _refreshed(view, window, refreshing, now))
        except (StoreError, OverBudgetError):
            if ready is None:
                raise
    if ready is None:
        raise StoreError("top list: hidden songs changed meanwhile")
    public = profile.visibility is Visibility.PUBLIC
    stale = not ready.covers(window)
    return Shown(view.owner, ready, stale=stale, public=public, person=profile.person)


def show_beside_others(view: View, refreshing: Refreshing, now: int) -> Shown | None:
    """As `show`, for a list among many: None if its owner has too many plays to build a first one,
    which must not refuse the others.
    """
    with suppress(OverBudgetError):
        return show(view, refreshing, now)
    return None


def _refreshed(view: View, window: Window, refreshing: Refreshing, now: int) -> TopList:
    if view.profile is None:
        return TopList((), window.as_of, window.time_zone, Completeness(), Past())
    stored, version = refreshing.top_lists.get(view.owner)
    ready = for_viewer(view, stored)
    if stored and ready and _current(ready, window):
        return stored  # Another read was first.
    connected = refreshing.connections.of_owner(view.owner)
    if refreshing.crawl_on_view:
        refreshing.crawl_on_view.ask(connected, much_followed=view.profile.much_followed, now=now)
    found = build_list(
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
    """`found` as the viewer may see it; None if it was built before the owner hid something."""
    if found is None or view.relation.is_self:
        return found
    return found.for_others((view.profile or Profile()).hidden)


def _current(found: TopList, window: Window) -> bool:
    return found.covers(window) and found.past is not None


def alerts_of(owner: Owner, connections: Connections, now: int) -> tuple[AccountAlert, ...]:
    """Account alerts of the owner; empty if they cannot be read, so that the list is served."""
    with suppress(StoreError):
        found = (alert_of(one, now=now) for one in connections.of_owner(owner))
        return tuple(one for one in found if one)
    return ()
