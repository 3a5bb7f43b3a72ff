"""Read the list that is asked for: songs, artists or albums of one of the windows."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from topk.domain.account.alerts import AccountAlert
from topk.domain.account.profile import Profile
from topk.domain.crawl.timetable import DAY_SECONDS
from topk.domain.errors import NotVisibleError
from topk.domain.limits import MOST_KEPT_SONGS
from topk.domain.owner import Owner
from topk.domain.play_log import History
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Relation, Visibility
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.ranking import AROUND_SECONDS
from topk.domain.toplist.tops import Of, Tops
from topk.domain.toplist.view import View
from topk.domain.toplist.window import Span, Window
from topk.usecases.lists.build_tops import build_tops
from topk.usecases.lists.compact_plays import EVERY_DAYS
from topk.usecases.lists.read_list import Refreshing, Shown, alerts_of, open_list
from topk.usecases.ports import VisibleLists

_RECENT_SECONDS = (EVERY_DAYS + 1) * DAY_SECONDS
"""Plays of so long are usually not all compacted yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`span` is None where the caller names none: seven days, or the day that runs for an owner
    whose list has no complete day yet.
    """

    k: int
    of: Of = Of.SONGS
    span: Span | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the list that is kept for each owner answers it."""
        of_week = self.of is Of.SONGS and self.span in {None, Span.WEEK}
        return of_week and self.k <= MOST_KEPT_SONGS


@dataclass(frozen=True, slots=True)
class ShownTops:
    """Rankings as shown; members are those of `Shown`."""

    owner: Owner
    tops: Tops
    alerts: tuple[AccountAlert, ...] | None = None
    hidden: Hidden | None = None
    public: bool = False
    stale: bool = False

    @property
    def time_zone(self) -> str:
        return self.tops.window.time_zone


def read_top(
    viewer: Owner | None,
    owner: Owner,
    asked: Asked,
    *,
    visible_lists: VisibleLists,
    refreshing: Refreshing,
    now: int,
    seen_as: Relation | None = None,
) -> Shown | ShownTops:
    """The list of `owner` that is `asked` for, as `viewer` may see it; None is an anonymous viewer.

    `seen_as` is the relation of the viewer to be shown instead, for a preview. Raises
    NotVisibleError if the viewer may not see it or the owner does not exist.
    """
    (view,) = visible_lists.views(viewer, [owner])
    if seen_as:
        view = replace(view, relation=seen_as)
    if not view.allowed:
        raise NotVisibleError("top list")
    if asked.of is Of.SONGS and asked.span in {None, Span.WEEK}:
        return _songs_of_week(view, asked, refreshing, now)
    return _tops(view, asked.span or Span.WEEK, refreshing, now)


def _songs_of_week(view: View, asked: Asked, refreshing: Refreshing, now: int) -> Shown | ShownTops:
    shown = open_list(view, refreshing, now)
    if asked.span is None and view.profile and _has_nothing(shown):
        return _tops(view, Span.TODAY, refreshing, now)
    if asked.is_kept or len(shown.top_list.songs) < MOST_KEPT_SONGS or shown.stale:
        return shown
    songs = _tops(view, Span.WEEK, refreshing, now).tops.songs
    return replace(shown, top_list=replace(shown.top_list, songs=songs))


def _has_nothing(shown: Shown) -> bool:
    found = shown.top_list
    return not found.songs and not found.completeness.complete_days


def _tops(view: View, span: Span, refreshing: Refreshing, now: int) -> ShownTops:
    profile = view.profile or Profile()
    window = Window.of(span, now, profile.time_zone)
    is_self = view.relation.is_self
    hidden = Hidden() if is_self else profile.hidden
    tops = Tops(span, window, Completeness())
    if view.profile:
        tops = _built(view, span, window, hidden, refreshing, now)
    return ShownTops(
        view.owner,
        tops,
        alerts=alerts_of(view.owner, refreshing.connections, now) if is_self else None,
        hidden=profile.hidden if is_self else None,
        public=profile.visibility is Visibility.PUBLIC,
    )


def _built(
    view: View, span: Span, window: Window, hidden: Hidden, refreshing: Refreshing, now: int
) -> Tops:
    history = _begin_history(view.owner, window, refreshing)
    connected = refreshing.connections.of_owner(view.owner)
    if span is Span.TODAY and refreshing.crawl_on_view:
        followed = bool(view.profile and view.profile.much_followed)
        refreshing.crawl_on_view.ask(connected, much_followed=followed, now=now)
    return build_tops(span, window, history=history(), connected=connected, hidden=hidden)


def _begin_history(owner: Owner, window: Window, refreshing: Refreshing) -> Callable[[], History]:
    since, recent = window.start - AROUND_SECONDS, window.end - _RECENT_SECONDS
    if since >= recent:
        return refreshing.plays.begin_history(owner, since)
    return refreshing.plays.begin_long_history(owner, since, recent=recent)
