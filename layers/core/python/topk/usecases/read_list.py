"""Reading top lists: one's own, another user's, and those of everyone one follows."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from topk.domain.attention import Attention, attention
from topk.domain.completeness import Completeness
from topk.domain.errors import ConflictError, NotVisibleError, StoreError
from topk.domain.owner import Owner
from topk.domain.profile import Profile
from topk.domain.toplist import TopList
from topk.domain.view import View
from topk.domain.window import Window
from topk.usecases.make_list import make_list
from topk.usecases.ports import Audience, Connections, Edges, Plays, TopLists
from topk.usecases.view_crawls import ViewCrawls

FEED_PAGE = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as it is shown. `stale` is set where it is of an earlier day than today.

    `attention` is for the owner alone, and None for all others.
    """

    owner: Owner
    top_list: TopList
    stale: bool = False
    attention: tuple[Attention, ...] | None = None


@dataclass(frozen=True, slots=True)
class FeedPage:
    lists: tuple[Shown, ...]
    cursor: str | None
    """Where the next page begins; None on the last one."""


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
    viewer: Owner, owner: Owner, *, audience: Audience, refreshing: Refreshing, now: int
) -> Shown:
    """The list of `owner` as `viewer` may see it.

    Raises NotVisibleError where they may not, or where there is nobody of that name.
    """
    (view,) = audience.views(viewer, [owner])
    if not view.allowed:
        raise NotVisibleError("top list")
    shown = _show(view, refreshing, now)
    if not view.relation.is_self:
        return shown
    return replace(shown, attention=_attention(owner, refreshing.connections, now))


def read_following(
    viewer: Owner,
    *,
    after: str | None,
    follows: Edges,
    audience: Audience,
    refreshing: Refreshing,
    now: int,
) -> FeedPage:
    """A page of the lists of those whom `viewer` follows and may see, by user id."""
    others, cursor = follows.page(viewer, after=after, limit=FEED_PAGE)
    views: Sequence[View] = audience.views(viewer, others) if others else ()
    shown = tuple(_show(view, refreshing, now) for view in views if view.allowed)
    return FeedPage(shown, cursor)


def _show(view: View, refreshing: Refreshing, now: int) -> Shown:
    """The stored list where it is of today, else one made from the plays.

    Where that fails an older list is better than none: it is shown, marked stale.
    """
    stored = view.top_list
    window = Window.current(now, (view.profile or Profile()).time_zone)
    if stored and (stored.as_of, stored.time_zone) == (window.as_of, window.time_zone):
        return Shown(view.owner, stored)
    try:
        return Shown(view.owner, _refreshed(view, window, refreshing, now))
    except StoreError:
        if stored is None:
            raise
        return Shown(view.owner, stored, stale=True)


def _refreshed(view: View, window: Window, refreshing: Refreshing, now: int) -> TopList:
    if view.profile is None:
        return TopList((), window.as_of, window.time_zone, Completeness())
    _, version = refreshing.top_lists.get(view.owner)
    connected = refreshing.connections.of_owner(view.owner)
    if refreshing.view_crawls:
        refreshing.view_crawls.ask(connected, much_followed=view.profile.much_followed, now=now)
    found = make_list(view.owner, window, plays=refreshing.plays, connected=connected)
    with suppress(ConflictError):
        refreshing.top_lists.put(view.owner, found, replacing=version)
    return found


def _attention(owner: Owner, connections: Connections, now: int) -> tuple[Attention, ...]:
    """What the owner has to do; nothing where that cannot be told, which hides no list."""
    with suppress(StoreError):
        found = (attention(one, now=now) for one in connections.of_owner(owner))
        return tuple(one for one in found if one)
    return ()
