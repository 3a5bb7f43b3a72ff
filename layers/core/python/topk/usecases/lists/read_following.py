"""Lists of followed users, and the combined ranking over them."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from topk.domain.errors import NotVisibleError, StoreError
from topk.domain.limits import MOST_FOLLOWED, MOST_KEPT_SONGS
from topk.domain.owner import Owner
from topk.domain.toplist.feed_order import FeedOrder
from topk.domain.toplist.shared_songs import SharedSong, shared_songs
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.view import Reader
from topk.domain.toplist.window import DAYS, Window
from topk.usecases.lists.read_list import Refreshing, Shown, for_viewer, show_beside_others
from topk.usecases.ports import Edges, FeedOrders, VisibleLists

FEED_PAGE = 20
_STEPS = 5
"""How many times the page size is read for a page."""

Place = tuple[int, str]
"""Position of a list in the feed: time of its latest play, and user id."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """`service` is where the viewer opens songs, if the host app says it."""

    lists: tuple[Shown, ...]
    cursor: Place | None
    """Position after which the next page starts; None on the last page."""
    service: str = ""


def read_following(
    viewer: Owner,
    *,
    after: Place | None,
    follows: Edges,
    visible_lists: VisibleLists,
    feed_orders: FeedOrders,
    refreshing: Refreshing,
    now: int,
) -> FeedPage:
    """A page of the lists of users that `viewer` follows and may see.

    Lists with the most recent play come first, in the order in which the viewer first read them on
    the day (UTC), unless they follow others since. A page can be short if many lists may not be
    seen. Raises NotVisibleError for a viewer who is being erased.
    """
    reader = _reader(viewer, visible_lists)
    others = _followed(viewer, follows)
    heads, order = None, reader.order
    if order is None or not order.covers(others, now=now):
        heads = visible_lists.heads(others, now=now)
        order = FeedOrder.of(others, heads.latest, now=now)
        with suppress(StoreError):  # The page is right without it.
            feed_orders.put(viewer, order)
    places = sorted(
        (-latest, other.user) for other, latest in zip(others, order.latest, strict=True)
    )
    left = [place for place in places if after is None or place > (-after[0], after[1])]
    found: list[Shown] = []
    looked = 0
    for step in _steps([Owner(viewer.tenant, user) for _, user in left[: FEED_PAGE * _STEPS]]):
        views = visible_lists.of_followed(viewer, step, heads, now=now)
        for view in views:
            if len(found) == FEED_PAGE:
                break
            looked += 1
            shown = show_beside_others(view, refreshing, now) if view.allowed else None
            if shown:
                found.append(shown)
        if len(found) == FEED_PAGE:
            break
    more = looked < len(left)
    cursor = (-left[looked - 1][0], left[looked - 1][1]) if more else None
    return FeedPage(tuple(found), cursor, reader.person.service)


def read_shared_songs(
    viewer: Owner, *, follows: Edges, visible_lists: VisibleLists, now: int
) -> tuple[SharedSong, ...]:
    """The songs most played by users that `viewer` follows and may see.

    Lists count as stored if their window is at most a week old; rebuilding thousands would be too
    much for one read. Raises NotVisibleError for a viewer who is being erased.
    """
    _reader(viewer, visible_lists)
    oldest = Window.current(now).as_of - timedelta(days=DAYS)
    return shared_songs(
        _lists(viewer, _followed(viewer, follows), visible_lists, oldest), MOST_KEPT_SONGS
    )


def _reader(viewer: Owner, visible_lists: VisibleLists) -> Reader:
    found = visible_lists.reader(viewer)
    if found.profile and found.profile.erasing:
        raise NotVisibleError("following")
    return found


def _lists(
    viewer: Owner, others: list[Owner], visible_lists: VisibleLists, oldest: date
) -> Iterator[TopList]:
    for view in visible_lists.crowd(viewer, others):
        found = for_viewer(view, view.top_list) if view.allowed else None
        if found and found.as_of >= oldest:
            yield found


def _followed(viewer: Owner, follows: Edges) -> list[Owner]:
    others, _ = follows.page(viewer, after=None, limit=MOST_FOLLOWED)
    return others


def _steps(owners: list[Owner]) -> Iterator[list[Owner]]:
    for start in range(0, len(owners), FEED_PAGE):
        yield owners[start : start + FEED_PAGE]
