"""Build an owner's top list from their plays."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple, Self
from zlib import crc32

from topk.domain.account.connection import Connection
from topk.domain.limits import MOST_KEPT_SONGS, MOST_REPORTS
from topk.domain.owner import Owner
from topk.domain.play import Started, between, in_order, plays_of
from topk.domain.play_log import History
from topk.domain.privacy.hidden import Hidden
from topk.domain.song.identity import RULE
from topk.domain.toplist.completeness import Completeness, completeness
from topk.domain.toplist.previous_weeks import WEEKS, Past, Place, leads, place
from topk.domain.toplist.ranking import AROUND_SECONDS, RankedSong, leaders, ranking
from topk.domain.toplist.top_list import Redacted, TopList
from topk.domain.toplist.window import Window
from topk.usecases.lists.listening import Listening, visible
from topk.usecases.ports import Plays

_NONE_LATE = 0
"""The checksum of no reports."""


def build_list(
    owner: Owner,
    window: Window,
    *,
    plays: Plays,
    connected: Iterable[Connection],
    hidden: Hidden,
    stored: TopList | None,
    history: History | None = None,
) -> TopList:
    """Build the list of `window` from all plays of the owner.

    `history` has the plays fetched since `read_from`, if they were already read. Rankings of
    earlier weeks are taken from the `stored` list if it has them and no late play changes them;
    otherwise they are computed from plays. Raises OverBudgetError if that
    takes more than MOST_REPORTS plays.
    """
    if history is None:
        history = plays.begin_history(owner, read_from(window))()
    if stored and stored.rule != RULE:
        stored = None  # Its rankings of earlier weeks have other ids.
    listening = Listening(history, connected, most=MOST_REPORTS)
    heard = _Heard(owner, window, plays, history, listening)
    weeks_ago = stored.weeks_before(window) if stored else None
    own = _Edition(heard, Hidden())
    songs, told = own.ranked()
    past = own.past(songs, stored.past if stored else None, weeks_ago)
    redacted = None
    if hidden:
        before = stored.redacted if stored else None
        redacted = _redacted(_Edition(heard, hidden), before, weeks_ago)
    return TopList(songs, window.as_of, window.time_zone, told, past, redacted)


def read_from(window: Window) -> int:
    """Fetch time (epoch seconds) of the oldest plays that a list of `window` needs."""
    return window.start - AROUND_SECONDS


def _redacted(edition: "_Edition", before: Redacted | None, weeks_ago: int | None) -> Redacted:
    stamp = edition.hidden.stamp
    songs, told = edition.ranked()
    known = before.past if before and before.without == stamp else None
    return Redacted(stamp, songs, told, edition.past(songs, known, weeks_ago))


class _Told(NamedTuple):
    """Rankings of the stored list: `known` of weeks before the new window, `earlier` of weeks
    before the previous one.
    """

    known: Past | None = None
    earlier: Past | None = None

    @classmethod
    def of(cls, past: Past | None, weeks_ago: int | None, window: Window) -> Self:
        if weeks_ago == 0:
            return cls(known=past)
        if weeks_ago == 1 and past:
            # Later in the week, plays may have arrived in between.
            return cls(known=past.turn if window.is_calendar_week else None, earlier=past)
        return cls()


class _Heard:
    """An owner's plays, read only as far back as needed."""

    def __init__(
        self, owner: Owner, window: Window, plays: Plays, history: History, listening: Listening
    ) -> None:
        self.window, self.listening = window, listening
        self._owner, self._plays = owner, plays
        self._since = read_from(window)
        self._brought = listening.kept(history.brought)
        self.recent: Sequence[Started] = listening.in_order(self._brought)
        self._all = self.recent

    @property
    def of_earlier_weeks(self) -> bool:
        """Whether a late play may belong to a week before the previous one."""
        end = self.window.calendar_week(1).start + AROUND_SECONDS
        return bool(self.recent) and self.recent[0][0] < end

    def back_to(self, window: Window) -> Sequence[Started]:
        """All plays that may belong to `window` or later ones."""
        since = read_from(window)
        if since < self._since:
            brought = self._plays.since(self._owner, since, until=self._since)
            earlier = self.listening.in_order(self.listening.kept(brought))
            self._all = sorted([*earlier, *self._all])
            self._since = since
        return self._all

    def late_for(self, week: Window) -> Sequence[Started]:
        """Plays of `week` that were fetched when it was over and since `window`."""
        over = week.end - AROUND_SECONDS
        brought = (one for one in self._brought if one[0] >= over)
        late = in_order(plays_of(brought)) if week.end > self.window.start else self.recent
        return between(late, -inf, week.end + AROUND_SECONDS)


class _Edition:
    """A list for one audience, built as if the `hidden` plays did not exist."""

    def __init__(self, heard: _Heard, hidden: Hidden) -> None:
        self.hidden = hidden
        self._heard = heard
        self._grouped = heard.listening.grouped

    def ranked(self) -> tuple[tuple[RankedSong, ...], Completeness]:
        window = self._heard.window
        found = ranking(
            visible(self._heard.recent, self.hidden),
            window,
            MOST_KEPT_SONGS,
            hidden=self._hidden_in(self._heard.recent),
            grouped=self._grouped,
        )
        told = completeness(
            window,
            self._heard.listening.watched(self.hidden),
            counted=found.counted,
            inferred=found.inferred,
            duplicates=() if self.hidden else found.duplicates,
        )
        return found.songs, told

    def past(
        self, songs: tuple[RankedSong, ...], before: Past | None, weeks_ago: int | None
    ) -> Past:
        """Rankings of earlier weeks, from the list `before` if they are still valid.

        `weeks_ago` is the number of weeks between the two lists.
        """
        window = self._heard.window
        past = self._before_this_week(songs, _Told.of(before, weeks_ago, window))
        return replace(past, turn=self._turn(songs)) if window.is_calendar_week else past

    def _turn(self, songs: tuple[RankedSong, ...]) -> Past:
        """Earlier rankings for lists that start after this list's week."""
        ranked = tuple(place(song.ids) for song in songs)
        if self.hidden.songs:
            # Later plays may reveal further ids of hidden songs.
            ranked = self._places(0, MOST_KEPT_SONGS)
        return Past(ranked, made_of=self._checksum(0))

    def _before_this_week(self, songs: tuple[RankedSong, ...], told: _Told) -> Past:
        first = place(songs[0].ids) if songs else ()
        known, checksum = told.known, self._checksum(1)
        # Without late plays, the stored history is reused.
        if known is None or checksum not in {_NONE_LATE, known.made_of}:
            known = Past(self._places(1, MOST_KEPT_SONGS), made_of=checksum)
        if not leads(known.places, first):
            return replace(known, firsts=None)
        if known.firsts is not None:
            return known
        earlier = None if self._heard.of_earlier_weeks else told.earlier
        return replace(known, firsts=self._firsts(first, earlier))

    def _firsts(self, first: Place, earlier: Past | None) -> tuple[Place, ...]:
        """Number-one songs of earlier weeks, while it is the same song."""
        if earlier is None:
            return tuple(self._leading(first, 2))
        if not leads(earlier.places, first):
            return ()
        before = self._leading(first, 3) if earlier.firsts is None else earlier.firsts
        return (*earlier.places[:1], *before)[: WEEKS - 2]

    def _leading(self, first: Place, since: int) -> Iterator[Place]:
        """Number-one songs `since` weeks ago and earlier, while it is `first`."""
        for weeks in range(since, WEEKS):
            places = self._places(weeks, 1)
            if not leads(places, first):
                return
            yield from places

    def _places(self, weeks: int, depth: int) -> tuple[Place, ...]:
        """The ranking of the calendar week `weeks` before."""
        window = self._heard.window.calendar_week(weeks)
        last = self._heard.window.calendar_week(min(weeks, 1))
        reports = between(self._heard.back_to(window), -inf, last.end + AROUND_SECONDS)
        leading = leaders(
            visible(reports, self.hidden),
            window,
            depth,
            hidden=self._hidden_in(reports),
            grouped=self._grouped,
        )
        return tuple(map(place, leading))

    def _checksum(self, weeks: int) -> int:
        """Checksum of the reports fetched after the week, which changes with a late play."""
        late = self._heard.late_for(self._heard.window.calendar_week(weeks))
        told = {
            f"{one.provider}\n{one.track.track_id}\n{one.listened_at}"
            for _, one in visible(late, self.hidden)
        }
        return crc32("\n\n".join(sorted(told)).encode("utf-8", "surrogatepass"))

    def _hidden_in(self, reports: Sequence[Started]) -> frozenset[str]:
        """Every id of the hidden songs."""
        return self._heard.listening.hidden_songs(self.hidden.songs, reports)
