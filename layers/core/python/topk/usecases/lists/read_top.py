"""Read the list that is asked for: songs, artists or albums of one of the windows."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from topk.domain.account.alerts import AccountAlert
from topk.domain.account.person import NOBODY, Person
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
    person: Person = NOBODY

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
    (view,) = visible_lists.views(viewer, [owner], now=now)
    if seen_as:
        view = replace(view, relation=seen_as)
    if not view.allowed:
        raise NotVisibleError("top list")
    reading = _Reading(view, refreshing, now)
    if asked.of is Of.SONGS and asked.span in {None, Span.WEEK}:
        return reading.songs_of_week(asked)
    if asked.span is Span.TODAY:
        reading.ask_for_crawls()
    return reading.tops(asked.span or Span.WEEK)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads lists of `view`, which may be seen, at `now`."""

    view: View
    refreshing: Refreshing
    now: int

    def songs_of_week(self, asked: Asked) -> Shown | ShownTops:
        shown = open_list(self.view, self.refreshing, self.now)
        if asked.span is None and self.view.profile and _has_nothing(shown):
            return self.tops(Span.TODAY)
        if asked.is_kept or len(shown.top_list.songs) < MOST_KEPT_SONGS or shown.stale:
            return shown
        songs = self.tops(Span.WEEK).tops.songs
        return replace(shown, top_list=replace(shown.top_list, songs=songs))

    def tops(self, span: Span) -> ShownTops:
        profile = self.view.profile or Profile()
        is_self = self.view.relation.is_self
        connections = self.refreshing.connections
        return ShownTops(
            self.view.owner,
            self._built(span, profile),
            alerts=alerts_of(self.view.owner, connections, self.now) if is_self else None,
            hidden=profile.hidden if is_self else None,
            public=profile.visibility is Visibility.PUBLIC,
            person=profile.person,
        )

    def ask_for_crawls(self) -> None:
        profile, crawls = self.view.profile, self.refreshing.crawl_on_view
        if profile and crawls:
            connected = self.refreshing.connections.of_owner(self.view.owner)
            crawls.ask(connected, much_followed=profile.much_followed, now=self.now)

    def _built(self, span: Span, profile: Profile) -> Tops:
        window = Window.of(span, self.now, profile.time_zone)
        if self.view.profile is None:
            return Tops(span, window, Completeness())
        begun = self._begin_history(window)
        connected = self.refreshing.connections.of_owner(self.view.owner)
        hidden = Hidden() if self.view.relation.is_self else profile.hidden
        return build_tops(span, window, history=begun(), connected=connected, hidden=hidden)

    def _begin_history(self, window: Window) -> Callable[[], History]:
        plays, owner = self.refreshing.plays, self.view.owner
        since, recent = window.start - AROUND_SECONDS, window.end - _RECENT_SECONDS
        if since >= recent:
            return plays.begin_history(owner, since)
        return plays.begin_long_history(owner, since, recent=recent)


def _has_nothing(shown: Shown) -> bool:
    found = shown.top_list
    return not found.songs and not found.completeness.complete_days
